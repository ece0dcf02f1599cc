using System.CommandLine;
using EventRtc.Contracts.Directories;
using EventRtc.Contracts.Tokens;
using EventRtc.Etcd;
using EventRtc.EventStore;
using EventRtc.Hosting.Configuration;
using EventRtc.Ops.Doctor;
using EventRtc.Ops.Modules;
using EventRtc.Streams;

namespace EventRtc.Ops.Commands;

/// <summary>What <c>--settings</c> is for a service: every setting that some command takes, for docs/configuration.md.</summary>
internal static class SettingsCommand
{
    public static Command Build()
    {
        var command = new Command("settings", "Prints as JSON which settings the commands take; docs/configuration.md shows them.") { Hidden = true };
        command.SetAction(_ => Console.Out.WriteLine(ServicePages.SettingsOf("eventrtc", Book().Describe())));
        return command;
    }

    private static SettingsBook Book()
    {
        var book = new SettingsBook(SettingSources.None);
        book.Add<EventStoreOptions>("POSTGRES");
        book.Add<EtcdOptions>("ETCD");
        book.Add<EtcdPrefixes>("ETCD_PREFIX");
        book.Add<RedisOptions>("REDIS");
        book.Add<JwtOptions>("JWT");
        book.Add<AuditOptions>("AUDIT");
        book.Add<RoomsServiceOptions>("ROOMS");
        book.Add<CallerOptions>("EVENTRTC");
        book.Add<DoctorOptions>("DOCTOR");
        return book;
    }
}
