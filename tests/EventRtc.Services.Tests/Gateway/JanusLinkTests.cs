using EventRtc.Gateway;
using EventRtc.Gateway.Janus;
using EventRtc.Services.Tests.Janus;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>One WebSocket to a real Janus that many sessions share.</summary>
public sealed class JanusLinkTests(JanusRig rig) : IClassFixture<JanusRig>
{
    [Fact]
    public async Task More_sessions_than_its_queue_is_long_are_kept_alive_while_others_are_made()
    {
        const int sessions = 1_500;
        var options = new GatewayOptions { JanusKeepalive = TimeSpan.FromSeconds(1) };
        await using var link = await JanusLink.Open(rig.Server.WebSocketUrl, options, NullLogger.Instance, TimeProvider.System);
        var kept = new JanusSession[sessions];
        await Parallel.ForAsync(0, sessions, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (i, ct) => kept[i] = await JanusSession.Open(link, ct));

        for (var i = 0; i < 30; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100)); // while rounds of keepalives pass
            await (await JanusSession.Open(link, CancellationToken.None)).Close();
        }

        Assert.True(link.IsOpen);
        Assert.All(kept, session => Assert.False(session.Ended.IsCompleted));
        await Parallel.ForEachAsync(kept, async (session, _) => await session.Close());
    }
}
