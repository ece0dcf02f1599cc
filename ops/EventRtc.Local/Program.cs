using System.CommandLine;
using EventRtc.Local.Configuration;
using EventRtc.Local.Up;

var fresh = new Option<bool>("--fresh") { Description = "Drop all data of former runs first." };
var demo = new Option<bool>("--demo") { Description = "Open a room on air with a test tone, so that there is something to hear." };
var redundant = new Option<bool>("--redundant") { Description = "Start two of each Janus, mixer, rooms service and projector too: kill or drain one and see the other take over." };
var folder = new Option<DirectoryInfo>("--folder")
{
    Description = "Where data, logs and secrets lie. Default: .local in this checkout.",
    DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(EventRtc.Local.Checkout.Root, ".local")),
};

var up = new RootCommand("Starts PostgreSQL, Redis, etcd, Janus, nginx and every EventRtc service on this machine, and stops them all at Ctrl-C.") { fresh, demo, redundant, folder, ConfigurationCommand.Build() };
up.SetAction((arguments, ct) => UpCommand.Run(
    new UpOptions(arguments.GetRequiredValue(folder).FullName, arguments.GetValue(fresh), arguments.GetValue(demo), arguments.GetValue(redundant)), ct));
return await up.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
