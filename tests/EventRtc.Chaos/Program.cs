using System.CommandLine;
using EventRtc.Chaos;
using EventRtc.Chaos.Faults;

var minutes = new Option<double>("--minutes") { Description = "How long to go on before everything must come to rest.", DefaultValueFactory = _ => 30, Recursive = true };
var seed = new Option<int>("--seed") { Description = "Makes the same choices again, if not at the same moments.", DefaultValueFactory = _ => Environment.TickCount, Recursive = true };
var json = new Option<bool>("--json") { Description = "Print the outcome as one JSON object.", Recursive = true };

var gateway = new Command("gateway", "Visitors who connect, drop, come back and leave at random, at two gateways that are killed and paused; then nothing may be left of them.");
gateway.SetAction(async (arguments, ct) =>
    Outcome.Print(await GatewayChaos.Run(TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(seed), ct), arguments.GetValue(json)));

var chaos = new RootCommand(
    "Faults at random against the real servers and services, two of everything: each is killed, paused or restarted, Redis and etcd lose their data, while rooms are made, spoken in, "
    + "listened to and removed. Whenever faults pause, everything must be right within seconds: what was acknowledged is in the log once, views are what the log makes of them and never went back, "
    + "and every Janus room, forwarder and ffmpeg belongs to a room on air. Exit code 1 when something did not hold; then the logs and the recorded history are kept.")
{
    minutes, seed, json, gateway,
};
chaos.SetAction(async (arguments, ct) =>
    Outcome.Print(await SystemChaos.Run(Aim.Everything, TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(seed), untilViolation: false, ct), arguments.GetValue(json)));
return await chaos.Parse(args).InvokeAsync();
