using System.CommandLine;
using EventRtc.Benchmarks;
using EventRtc.Benchmarks.Faults;
using EventRtc.Benchmarks.Gateway;

Benchmark[] benchmarks =
[
    new("append", "Commands a second into the store, beside a prepared INSERT per transaction.", AppendBench.Run),
    new("latency", "From an append to its view at a watcher of etcd, beside the bare steps.", LatencyBench.Run),
    new("relay", "How fast a backlog of 500,000 events goes from PostgreSQL into Redis, beside bare pipelined XADDs.", RelayBench.Run),
    new("rebuild", "A dry run of the rebuild over 100,000 rooms, beside a select of all their events.", RebuildBench.Run),
    new("gateway", "5,000 idle connections at one gateway, joins that resume, and JSON-RPC beside a bare WebSocket echo.", GatewayBench.Run),
    new("start", "From POST start to status forwarding, beside the same work done by direct calls.", StartBench.Run),
    new("faults", "What anchors and listeners notice when something is killed, wiped or drained: medians, and the worst of each.", ct => FaultBench.Run(null, FaultBench.Runs, ct)),
];

var json = new Option<bool>("--json") { Description = "Print one JSON object a line: name, value, unit, floor, ratio, bar, ok.", Recursive = true };
var bench = new RootCommand("Measures EventRtc on this machine, each figure beside its floor from the same run. Exit code 1 when a bar is missed.") { json };
foreach (var benchmark in benchmarks.SkipLast(1))
{
    var command = new Command(benchmark.Name, benchmark.Description);
    command.SetAction(async (arguments, ct) => Report.Print(await benchmark.Run(ct), arguments.GetValue(json)));
    bench.Add(command);
}
bench.Add(Faults(benchmarks[^1]));
var all = new Command("all", $"All of them, one after another; writes {BenchmarksPage.File}.");
all.SetAction(async (arguments, ct) => Report.Print(await BenchmarksPage.Measure(benchmarks, ct), arguments.GetValue(json)));
bench.Add(all);
return await bench.Parse(args).InvokeAsync();

Command Faults(Benchmark benchmark)
{
    var only = new Option<string>("--only") { Description = "One of them; by default all." };
    only.AcceptOnlyFromAmong([.. FaultBench.All.Select(fault => fault.Name)]);
    var runs = new Option<int>("--runs") { Description = "How often each one is repeated.", DefaultValueFactory = _ => FaultBench.Runs };
    var command = new Command(benchmark.Name, benchmark.Description) { only, runs };
    command.SetAction(async (arguments, ct) => Report.Print(await FaultBench.Run(arguments.GetValue(only), arguments.GetValue(runs), ct), arguments.GetValue(json)));
    return command;
}
