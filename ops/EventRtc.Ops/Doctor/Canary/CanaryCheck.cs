using System.Security.Cryptography;

namespace EventRtc.Ops.Doctor.Canary;

/// <summary>
/// Does what users do, with a room of its own: goes on air, joins, listens, removes it. The room is removed whatever happens in between, also when the user interrupts. It stays in the log, as every
/// room does.
/// </summary>
/// <param name="rooms">The rooms service, with the caller's token.</param>
/// <param name="web">The origin that browsers see.</param>
/// <param name="token">An operator's, where the deployment asks for one.</param>
/// <param name="patience">For each step.</param>
internal sealed class CanaryCheck(Rest rooms, Rest web, string? token, TimeSpan patience, TimeProvider clock)
{
    public async Task Look(Report report, CancellationToken ct)
    {
        await Leftovers.Tell(report.Part(), rooms, clock, ct);
        var room = new CanaryRoom($"{Leftovers.Prefix}{RandomNumberGenerator.GetHexString(6, lowercase: true)}", rooms, new Patience(patience, clock));
        try
        {
            if (!await room.Create(report.Part(), ct) || !await room.GoesOnAir(report.Part(), ct))
                return;
            await Task.WhenAll(
                new CanaryAnchor(room, web, token, patience).Joins(report.Part(), ct),
                new CanaryListener(room.Id, web, new Patience(patience, clock)).Hears(report.Part(), ct));
        }
        finally
        {
            await room.Remove(report.Part(), ct);
        }
    }
}
