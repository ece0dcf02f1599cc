using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventRtc.Hosting.Logging;

/// <summary>A namespace whose lines have a module of their own name.</summary>
/// <param name="Namespace">With all beneath it: <c>EventRtc.Rooms</c>.</param>
/// <param name="Name">One level (<c>RoomSvc</c>), and a class is the second; or two (<c>ResourceMgr.JanusWorker</c>), and all classes are that one module.</param>
public sealed record LogModule(string Namespace, string Name);

/// <summary>The module of a line, of at most two levels, from its logger's category. By modules levels are set; docs/logs.md has all of them.</summary>
public sealed class LogModules(IEnumerable<LogModule> named)
{
    /// <summary>They log each probe that fails; our own log says once that something is away.</summary>
    private const string HealthChecks = "Microsoft.Extensions.Diagnostics.HealthChecks.";

    private readonly LogModule[] named = [.. named, new LogModule(HealthChecks.TrimEnd('.'), LogLevels.HealthChecks)];

    /// <summary>
    /// <c>EventRtc.Gateway.Janus.JanusLink</c> is <c>Gateway.JanusLink</c>; of other categories the first two words count, so that a logger created as
    /// <c>ResourceMgr.JanusWorker</c> is that module.
    /// </summary>
    public string Of(string category)
    {
        if (Array.Find(named, module => IsBeneath(category, module.Namespace)) is { } own)
            return own.Name.Contains('.', StringComparison.Ordinal) || category.Length == own.Namespace.Length ? own.Name : $"{own.Name}.{Last(category)}";
        return category.Split('.') switch
        {
            ["EventRtc", var part] => part,
            ["EventRtc", var part, .., var type] => $"{part}.{type}",
            [var first, var second, ..] => $"{first}.{second}",
            _ => category,
        };
    }

    private static bool IsBeneath(string category, string space) =>
        category.StartsWith(space, StringComparison.Ordinal) && (category.Length == space.Length || category[space.Length] == '.');

    private static string Last(string category) => category[(category.LastIndexOf('.') + 1)..];
}

public static class LogModuleNames
{
    /// <summary>Gives the lines of a service's own assembly a module name, see <see cref="LogModule"/>.</summary>
    /// <typeparam name="TMember">Any class of the assembly, whose name is its namespace.</typeparam>
    public static void AddLogModule<TMember>(this IHostApplicationBuilder builder, string module) =>
        builder.Services.AddSingleton(new LogModule(typeof(TMember).Assembly.GetName().Name!, module));
}
