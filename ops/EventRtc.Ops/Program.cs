using System.CommandLine;
using System.CommandLine.Help;
using EventRtc.Ops;
using EventRtc.Ops.Commands;

Output.ForFiles();
var eventrtc = new Command("eventrtc", "Shows, checks and repairs what an EventRtc deployment has stored. It finds the servers by the services' variables (POSTGRES_DSN, REDIS_ADDR, ETCD_ENDPOINTS ...).")
{
    HistoryCommand.Build(),
    StateCommand.Build(),
    DiffCommand.Build(),
    ExportCommand.Build(),
    HeadCommand.Build(),
    VerifyCommand.Build(),
    RebuildCommand.Build(),
    ParkedCommand.Build(),
    KeyCommand.Build(),
    TokenCommand.Build(),
    new HelpOption(),
    new VersionOption(),
};
return await eventrtc.Parse(args).InvokeAsync();
