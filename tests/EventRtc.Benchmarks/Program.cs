using System.CommandLine;
using EventRtc.Benchmarks;

var json = new Option<bool>("--json") { Description = "Print one JSON object a line: name, value, unit, floor, ratio, bar, ok.", Recursive = true };
var rooms = new Option<int>("--rooms") { Description = "How many rooms are started, one after another.", DefaultValueFactory = _ => 50 };

var start = new Command("start", "From POST start to status forwarding, beside the same work done by direct calls.") { rooms };
start.SetAction(async (arguments, ct) => Report.Print(await StartBench.Run(arguments.GetValue(rooms), ct), arguments.GetValue(json)));

var bench = new RootCommand("Measures EventRtc on this machine. Exit code 1 when a bar is missed.") { json, start };
return await bench.Parse(args).InvokeAsync();
