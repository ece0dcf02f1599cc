using EventRtc.Contracts;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.JsonRpc;
using static EventRtc.Domain.RoomCommand;

namespace EventRtc.Rooms.Reports;

/// <summary>
/// The commands that workers and other services send over Redis. The request's id is the command's, so a redelivery records nothing twice; the time is ours.
/// </summary>
public sealed class RoomReports(RoomCommands rooms, TimeProvider clock)
{
    public void Serve(RpcMethods methods)
    {
        On<ReportJanusRoom>(methods);
        On<ReportMixerPort>(methods);
        On<ReportForwarding>(methods);
        On<ReportForwardingStopped>(methods);
        On<ReportMixerReleased>(methods);
        On<ReportJanusRoomDestroyed>(methods);
        On<AdmitAnchor>(methods);
        On<ReportAnchorJoined>(methods);
        On<ReportAnchorLeft>(methods);
    }

    private void On<TCommand>(RpcMethods methods) where TCommand : RoomCommand =>
        methods.On<TCommand>(RoomsClient.MethodOf(typeof(TCommand)), async (command, caller, ct) =>
        {
            var context = new CommandContext(caller.RequestId, caller.Caller, caller.RequestId.ToString("N"));
            if (await rooms.Handle(command with { At = clock.GetUtcNow() }, context, ct) is Handled<RoomState>.Refused refused)
                throw Refusals.ToRpc(refused.Why);
        });
}
