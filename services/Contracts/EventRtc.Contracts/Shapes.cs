using EventRtc.Domain;
using EventRtc.Hosting;

namespace EventRtc.Contracts;

/// <summary>Shapes of what callers name in paths, queries and bodies.</summary>
public static class Shapes
{
    public static Shape RoomId { get; } = Shape.Text($"^[A-Za-z0-9_-]{{{Domain.RoomId.MinLength},{Domain.RoomId.MaxLength}}}$");

    public static Shape ModuleId { get; } = Shape.Text($"^[A-Za-z0-9_-]{{{Domain.ModuleId.MinLength},{Domain.ModuleId.MaxLength}}}$");

    public static Shape Role { get; } = Shape.OneOf(Enum.GetValues<Role>().Select(DomainJson.Text));
}
