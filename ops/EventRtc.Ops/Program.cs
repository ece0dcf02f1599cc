using System.CommandLine;
using System.CommandLine.Help;
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
    KeyCommand.Build(),
    TokenCommand.Build(),
    SettingsCommand.Build(),
    new HelpOption(),
    new VersionOption(),
};
return await eventrtc.Parse(args).InvokeAsync();
