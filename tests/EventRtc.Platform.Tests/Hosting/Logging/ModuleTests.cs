using EventRtc.Hosting.Logging;
using Xunit;

namespace EventRtc.Platform.Tests.Hosting.Logging;

public sealed class ModuleTests
{
    private static readonly LogModules Modules = new(
        [new LogModule("EventRtc.Rooms", "RoomSvc"), new LogModule("EventRtc.Janus", "ResourceMgr.JanusWorker"), new LogModule("EventRtc.Mixer", "ResourceMgr.MixerWorker")]);

    [Theory]
    [InlineData("EventRtc.Rooms", "RoomSvc")]
    [InlineData("EventRtc.Rooms.Housekeeping.Housekeeper", "RoomSvc.Housekeeper")]
    [InlineData("EventRtc.Janus.Rooms.RoomReconciler", "ResourceMgr.JanusWorker")]
    [InlineData("EventRtc.Janus.JanusHeartbeat", "ResourceMgr.JanusWorker")]
    [InlineData("EventRtc.Mixer.Rooms.Stations", "ResourceMgr.MixerWorker")]
    [InlineData("EventRtc.Gateway.Janus.JanusLink", "Gateway.JanusLink")]
    [InlineData("EventRtc.Gateway", "Gateway")]
    [InlineData("EventRtc.Roomsters.Other", "Roomsters.Other")]
    [InlineData("EventRtc.Etcd.EtcdClient", "Etcd.EtcdClient")]
    [InlineData("EventRtc.Hosting.Health.DependencyLog", "Hosting.DependencyLog")]
    [InlineData("Loops.janus-rooms", "Loops.janus-rooms")]
    [InlineData("ResourceMgr.JanusWorker", "ResourceMgr.JanusWorker")]
    [InlineData("RoomSvc", "RoomSvc")]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore")]
    [InlineData("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService", "Microsoft.HealthChecks")]
    [InlineData("", "")]
    public void A_module_follows_from_the_category(string category, string module) => Assert.Equal(module, Modules.Of(category));

    [Theory]
    [InlineData("HLSKeys", "HLS_KEYS")]
    [InlineData("HttpAPI", "HTTP_API")]
    [InlineData("Rtp2Hls", "RTP2_HLS")]
    [InlineData("Janus1.Worker", "JANUS1__WORKER")]
    [InlineData("Loops.janus-rooms", "LOOPS__JANUS_ROOMS")]
    [InlineData("Microsoft.AspNetCore", "MICROSOFT__ASP_NET_CORE")]
    [InlineData("x", "X")]
    [InlineData("ROOM_SVC", "ROOM_SVC")]
    [InlineData("RESOURCE_MGR__JANUS_WORKER", "RESOURCE_MGR__JANUS_WORKER")]
    public void A_name_is_split_at_its_words(string module, string variable) => Assert.Equal(variable, ScreamingSnake.Of(module));
}
