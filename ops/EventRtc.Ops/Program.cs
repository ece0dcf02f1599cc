using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using EventRtc.Ops;
using EventRtc.Ops.Commands;

Output.ForFiles();
var eventrtc = new Command("eventrtc", "Shows, checks and repairs what an EventRtc deployment has stored, and marks and drains its modules. It finds the servers by the services' variables (POSTGRES_DSN, REDIS_ADDR, ETCD_ENDPOINTS ...), and the rooms service by ROOMS_URL.")
{
    HistoryCommand.Build(),
    StateCommand.Build(),
    DiffCommand.Build(),
    ExportCommand.Build(),
    HeadCommand.Build(),
    VerifyCommand.Build(),
    RebuildCommand.Build(),
    ParkedCommand.Build(),
    ModulesCommand.Build(),
    MarkCommand.Build(),
    MarkCommand.BuildUnmark(),
    DrainCommand.Build(),
    DoctorCommand.Build(),
    KeyCommand.Build(),
    TokenCommand.Build(),
    SettingsCommand.Build(),
    new HelpOption(),
    new VersionOption(),
};
var given = eventrtc.Parse(args);
var code = await given.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Failures.Parting });
return given.Action is ParseErrorAction ? Failures.CannotNow : code;
