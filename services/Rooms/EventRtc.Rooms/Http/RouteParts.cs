using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.Hosting.Logging;
using EventRtc.Hosting;

namespace EventRtc.Rooms.Http;

/// <summary>What several routes say of themselves alike, and what would be long beside a mapping.</summary>
internal static class RouteParts
{
    private static readonly Shape Version = Shape.Whole(1);
    private static readonly Shape VersionFromStart = Shape.Whole(0);

    public static RouteHandlerBuilder IsOfRoom(this RouteHandlerBuilder route) => route.Asks("id", Shapes.RoomId, "The room.");

    public static RouteHandlerBuilder IsOfModule(this RouteHandlerBuilder route) => route
        .Asks("type", Shape.OneOf(ModuleKinds.All.Select(kind => kind.Plural())), "What the module is.").Asks("id", Shapes.ModuleId, "Which of them.");

    public static RouteHandlerBuilder IsCommand(this RouteHandlerBuilder route) => route
        .IsRepeatable().AsksHeader(CorrelationId.Header, Shape.AnyText, $"Recorded with the events, up to {CorrelationId.Longest} characters.");

    public static RouteHandlerBuilder AsksForPage(this RouteHandlerBuilder route) => route
        .Asks("limit", Shape.Whole(1, ListRooms.LargestLimit), $"Rooms a page; {ListRooms.DefaultLimit} without it.")
        .Asks("after", Shape.AnyText, "The next of the page before; without it the first page.");

    public static RouteHandlerBuilder AsksForTimes(this RouteHandlerBuilder route) => route
        .Asks("from", Shape.AnyText, $"Recorded then or later: {IsoTime.Rule}.").Asks("to", Shape.AnyText, $"Recorded then or earlier: {IsoTime.Rule}.")
        .Asks("version", Version, "Up to this one.");

    public static RouteHandlerBuilder AsksForMoment(this RouteHandlerBuilder route) => route
        .Asks("version", Version, "The state after this event of the room; not together with at.").Asks("at", Shape.AnyText, $"The state at this time: {IsoTime.Rule}.");

    public static RouteHandlerBuilder AsksForVersions(this RouteHandlerBuilder route) => route
        .Asks("from", VersionFromStart, "The earlier version; 0 is before the first event.", isRequired: true).Asks("to", VersionFromStart, "The later version, or the same.", isRequired: true);

    public static RouteHandlerBuilder AsksForRooms(this RouteHandlerBuilder route) => route.Asks("room", Shapes.RoomId, "Only events of these rooms; all without it.", many: true);

    public static RouteHandlerBuilder RefusesAudit(this RouteHandlerBuilder route) => route
        .Refuses(400, "validation_failed").Refuses(RoomRejections.NotFound, RoomRejections.Degraded).Refuses(404, "version_not_found");
}
