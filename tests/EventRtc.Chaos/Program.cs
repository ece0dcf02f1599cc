using System.CommandLine;
using EventRtc.Chaos;
using EventRtc.Chaos.Bugs;
using EventRtc.Chaos.Faults;

var minutes = new Option<double>("--minutes") { Description = "How long to go on before everything must come to rest.", DefaultValueFactory = _ => 30 };
var seed = new Option<int>("--seed") { Description = "Makes the same choices again, if not at the same moments.", DefaultValueFactory = _ => Environment.TickCount, Recursive = true };
var json = new Option<bool>("--json") { Description = "Print the outcome as one JSON object.", Recursive = true };

var gateway = new Command("gateway", "Visitors who connect, drop, come back and leave at random, at two gateways that are killed and paused; then nothing may be left of them.") { minutes };
gateway.SetAction(async (arguments, ct) =>
    Outcome.Print(await GatewayChaos.Run(TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(seed), ct), arguments.GetValue(json)));

var names = new Argument<string[]>("NAME") { Description = "Which ones; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
names.AcceptOnlyFromAmong([.. Bug.All.Select(bug => bug.Name)]);
var limit = new Option<double>("--minutes") { Description = "How long faults may go on for each before it counts as not caught.", DefaultValueFactory = _ => 5 };
var control = new Option<bool>("--control") { Description = "The same faults and users without the bugs, for so long each: then nothing may show." };
var bugs = new Command("bugs", "Puts known bugs back into a copy of the sources under artifacts/, one by one, and looks whether the checks notice. Exit code 1 when one is not caught, or does not apply any more.") { names, limit, control };
bugs.SetAction((arguments, ct) =>
    new BugSuite(TimeSpan.FromMinutes(arguments.GetValue(limit)), arguments.GetValue(seed), arguments.GetValue(control)).Run(arguments.GetValue(names)!, arguments.GetValue(json), ct));

var chaos = new RootCommand(
    "Faults at random against the real servers and services, two of everything: each is killed, paused or restarted, Redis and etcd lose their data, while rooms are made, spoken in, "
    + "listened to and removed. Whenever faults pause, everything must be right within seconds: what was acknowledged is in the log once, views are what the log makes of them and never went back, "
    + "and every Janus room, forwarder and ffmpeg belongs to a room on air. Exit code 1 when something did not hold; then the logs and the recorded history are kept.")
{
    minutes, seed, json, gateway, bugs,
};
chaos.SetAction(async (arguments, ct) =>
    Outcome.Print(await SystemChaos.Run(Aim.Everything, TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(seed), isEnough: null, ct), arguments.GetValue(json)));
return await chaos.Parse(args).InvokeAsync();
