using System.Diagnostics;
using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.JsonRpc;
using EventRtc.Projections;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Rooms.Reports;

/// <summary>
/// The commands that workers and other services send over Redis. The request's id is the command's, so a redelivery records nothing twice; the time is ours.
/// </summary>
public sealed class RoomReports(RoomCommands rooms, RoomMoves moves, TimeProvider clock)
{
    public void Serve(RpcMethods methods)
    {
        On<ReportJanusRoom>(methods);
        On<ReportMixerPort>(methods);
        On<ReportForwarding>(methods);
        On<ReportForwardingStopped>(methods);
        On<ReportMixerReleased>(methods);
        On<ReportJanusRoomDestroyed>(methods);
        On<ReportAnchorJoined>(methods);
        On<ReportAnchorLeft>(methods);
        On<RemoveRoom>(methods);
        methods.On<MoveRoom>(MoveRoom.Method, async (asked, caller, ct) => StateOf(await moves.Move(asked, ContextOf(caller), ct)));
        methods.On<FindRoom, RoomNow>(FindRoom.Method, (asked, _, ct) => Find(asked.Room, ct));
        methods.On<AdmitAnchor, Admission>(RoomsClient.MethodOf(typeof(AdmitAnchor)), async (admit, caller, ct) =>
            await Handle(admit, caller, ct) is RoomState.Existing room && room.Anchors.Find(admit.User) is { } anchor
                ? new Admission(anchor.Role, anchor.AdmittedAt)
                : throw new UnreachableException($"{admit.User} was admitted and is unknown"));
    }

    private async Task<RoomNow> Find(RoomId room, CancellationToken ct) => RoomNow.Of(StateOf(await rooms.Find(room, ct)));

    private void On<TCommand>(RpcMethods methods) where TCommand : RoomCommand =>
        methods.On<TCommand>(RoomsClient.MethodOf(typeof(TCommand)), (command, caller, ct) => Handle(command, caller, ct));

    private async Task<RoomState> Handle(RoomCommand command, RpcContext caller, CancellationToken ct) =>
        StateOf(await rooms.Handle(command with { At = clock.GetUtcNow() }, ContextOf(caller), ct));

    private static CommandContext ContextOf(RpcContext caller) => new(caller.RequestId, caller.Actor ?? caller.Caller, caller.Correlation);

    private static RoomState StateOf(Handled<RoomState> handled) => handled switch
    {
        Handled<RoomState>.Done done => done.State,
        Handled<RoomState>.Refused refused => throw Refusals.ToRpc(refused.Why),
        var other => throw new UnreachableException($"{other}"),
    };
}
