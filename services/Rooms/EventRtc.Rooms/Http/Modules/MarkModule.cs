using System.Text.Json;
using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Hosting;
using EventRtc.Rooms.Modules;

namespace EventRtc.Rooms.Http.Modules;

/// <summary>PUT /api/modules/{type}/{id}/mark {label, ttl}. The module need not be there: it may be marked before it comes, and then no room meets it unmarked.</summary>
public static class MarkModule
{
    private static readonly int LongestTtl = (int)ModuleCommand.LongestTtl.TotalSeconds;

    private static readonly string Labels = $"one of {string.Join(", ", ModuleLabels.All)}";

    internal static readonly BodyField[] Body =
    [
        new("label", Shape.OneOf(ModuleLabels.All), "What it is marked as.", IsRequired: true),
        new("ttl", Shape.Whole(0, LongestTtl), "Seconds that the mark holds; 0, as without it, is without an end."),
    ];

    /// <param name="Ttl">Seconds that the mark had to hold when it was given; 0: no end.</param>
    public sealed record Marked(string Type, ModuleId Id, string Label, long Ttl);

    public sealed record Answer(Marked Module)
    {
        public bool Success { get; } = true;
    }

    public static async Task<IResult> Handle(string type, string id, JsonElement? body, HttpContext http, ModuleCommands modules, TimeProvider clock, CancellationToken ct)
    {
        var fields = new Fields(body);
        var label = fields.Require("label", Labels, "", json => json.GetString() is { } word && ModuleLabels.All.Contains(word) ? word : null);
        var ttl = fields.Read("ttl", $"a whole number of seconds from 0 (no end) to {LongestTtl}", 0, json => json.TryGetInt32(out var number) && number >= 0 && number <= LongestTtl ? number : null);
        var module = ModulePath.Read(type, id, out var faults);
        faults.AddRange(fields.Faults);
        if (faults is not [])
            return ApiErrors.Invalid(faults);

        var now = clock.GetUtcNow();
        return await modules.Handle(new ModuleCommand.MarkModule(module.Kind, module.Id, label, TimeSpan.FromSeconds(ttl), now), Caller.Of(http), ct) switch
        {
            Handled<ModuleState>.Done { State: ModuleState.Marked mark } => Results.Ok(new Answer(new Marked(type, module.Id, mark.Label, (long)mark.Ttl.TotalSeconds))),
            Handled<ModuleState>.Refused refused => Refusals.ToHttp(refused.Why),
            var other => throw new InvalidOperationException($"{other} after marking a module"),
        };
    }
}
