using System.CommandLine;
using EventRtc.Benchmarks;

var json = new Option<bool>("--json") { Description = "Print one JSON object a line: name, value, unit, floor, ratio, bar, ok.", Recursive = true };

var bench = new RootCommand("Measures EventRtc on this machine, each figure beside its floor from the same run. Exit code 1 when a bar is missed.") { json };
Add("start", "From POST start to status forwarding, beside the same work done by direct calls.", StartBench.Run);
Add("relay", "How fast a backlog of 500,000 events goes from PostgreSQL into Redis, beside bare pipelined XADDs.", RelayBench.Run);
Add("rebuild", "A dry run of the rebuild over 100,000 rooms, beside a select of all their events.", RebuildBench.Run);
return await bench.Parse(args).InvokeAsync();

void Add(string name, string description, Func<CancellationToken, Task<IReadOnlyList<Figure>>> run)
{
    var command = new Command(name, description);
    command.SetAction(async (arguments, ct) => Report.Print(await run(ct), arguments.GetValue(json)));
    bench.Add(command);
}
