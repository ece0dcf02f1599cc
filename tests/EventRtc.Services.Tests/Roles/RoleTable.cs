using EventRtc.Local;
using Xunit;

namespace EventRtc.Services.Tests.Roles;

/// <param name="Path">With its <c>{...}</c>.</param>
/// <param name="Who">Words such as host or operator.</param>
public sealed record RoleRow(string Service, string Method, string Path, IReadOnlyList<string> Who)
{
    public override string ToString() => $"{Service}: {Method} {Path}";
}

/// <summary>Who may do what, as the decision's page tells it to people.</summary>
internal static class RoleTable
{
    public static IReadOnlyList<RoleRow> Rows { get; } =
        [.. File.ReadLines(Path.Combine(Checkout.Root, "ops/decisions/0014-roles.md")).Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells is [_, _, ['`', ..], _, _]).Select(RowOf)];

    public static IEnumerable<RoleRow> Of(string service) => Rows.Where(row => row.Service == service);

    private static RoleRow RowOf(string[] cells)
    {
        var call = cells[2].Trim('`').Split(' ');
        Assert.Equal(2, call.Length);
        return new RoleRow(cells[1], call[0], call[1], cells[3].Split(", "));
    }
}
