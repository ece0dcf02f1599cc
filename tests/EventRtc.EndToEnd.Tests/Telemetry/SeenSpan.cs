using System.Text;

namespace EventRtc.EndToEnd.Tests.Telemetry;

/// <summary>A span as a collector gets it.</summary>
/// <param name="Parent">The parent's id; empty for the first of a trace.</param>
/// <param name="Links">The ids of spans that it follows from beside its parent.</param>
public sealed record SeenSpan(string Service, string Trace, string Id, string Parent, string Name, ulong StartedAt, IReadOnlyList<string> Links)
{
    public override string ToString() => $"{Service}: {Name}";

    /// <summary>Out of an ExportTraceServiceRequest.</summary>
    internal static IEnumerable<SeenSpan> Read(ReadOnlyMemory<byte> request) =>
        from resource in Wire.Fields(request)
        let service = ServiceOf(resource.Value)
        from scope in Wire.Fields(resource.Value)
        where scope.Field == 2
        from span in Wire.Fields(scope.Value)
        where span.Field == 2
        select Of(service, Wire.Fields(span.Value).ToLookup(field => field.Field, field => field.Value));

    private static SeenSpan Of(string service, ILookup<int, ReadOnlyMemory<byte>> span)
    {
        return new SeenSpan(service, Hex(1), Hex(2), Hex(4), Encoding.UTF8.GetString(span[5].Single().Span), BitConverter.ToUInt64(span[7].Single().Span), [.. span[13].Select(LinkedSpan)]);

        string Hex(int field) => Convert.ToHexStringLower(span[field].SingleOrDefault().Span);
        static string LinkedSpan(ReadOnlyMemory<byte> link) => Convert.ToHexStringLower(Wire.Fields(link).Single(field => field.Field == 2).Value.Span);
    }

    private static string ServiceOf(ReadOnlyMemory<byte> resourceSpans)
    {
        var resource = Wire.Fields(resourceSpans).First(field => field.Field == 1).Value;
        var attributes = Wire.Fields(resource).Where(field => field.Field == 1).Select(field => Wire.Fields(field.Value).ToDictionary(part => part.Field, part => part.Value));
        var name = attributes.Single(attribute => Encoding.UTF8.GetString(attribute[1].Span) == "service.name");
        return Encoding.UTF8.GetString(Wire.Fields(name[2]).Single().Value.Span);
    }
}
