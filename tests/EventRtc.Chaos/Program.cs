using System.CommandLine;
using EventRtc.Chaos;

var minutes = new Option<double>("--minutes") { Description = "How long to go on before everything must come to rest.", DefaultValueFactory = _ => 30 };
var seed = new Option<int>("--seed") { Description = "Makes the same choices again, if not at the same moments.", DefaultValueFactory = _ => Environment.TickCount };
var json = new Option<bool>("--json") { Description = "Print the outcome as one JSON object.", Recursive = true };

var gateway = new Command("gateway", "Visitors who connect, drop, come back and leave at random, at two gateways that are killed and paused; then nothing may be left of them.") { minutes, seed };
gateway.SetAction(async (arguments, ct) =>
    Outcome.Print(await GatewayChaos.Run(TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(seed), ct), arguments.GetValue(json)));

var chaos = new RootCommand("Faults at random against the real servers and services, and what must hold afterwards. Exit code 1 when it does not.") { json };
chaos.Add(gateway);
return await chaos.Parse(args).InvokeAsync();
