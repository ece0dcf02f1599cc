using System.Text.Json;
using EventRtc.Chaos.Checks;
using EventRtc.Chaos.Faults;
using EventRtc.Local;

namespace EventRtc.Chaos;

/// <summary>The whole system, two of everything, under users and faults at random, in a folder that is kept when something did not hold.</summary>
internal static class SystemChaos
{
    /// <summary>Shorter than an operator would have them, so that a short run meets what they decide: nothing else is different. The services get them with the environment.</summary>
    private static readonly (string Name, string Value)[] Timers =
        [("HOUSEKEEPING_EVERY", "5s"), ("JANUS_HEARTBEAT_LEASE", "5s"), ("MIXER_HEARTBEAT_LEASE", "5s"), ("GATEWAY_KEEP_MEDIA", "15s")];

    /// <param name="time">Of faults, all rounds together; looking comes on top.</param>
    /// <param name="isEnough">Tells a violation with which the run ends at once; null: it goes on whatever is met.</param>
    public static async Task<Outcome> Run(Aim aim, TimeSpan time, int seed, Func<string, bool>? isEnough, CancellationToken ct)
    {
        foreach (var (name, value) in Timers)
            Environment.SetEnvironmentVariable(name, value);
        var folder = Directory.CreateTempSubdirectory("eventrtc-chaos-");
        folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead; // PostgreSQL runs as its own user
        var kept = true;
        try
        {
            using var record = new Record(Path.Combine(folder.FullName, "history.jsonl"), isEnough);
            double seconds;
            await using (var deployment = await Deployment.Start(folder.FullName, DeploymentPorts.Free(), redundant: true, ct: ct))
            {
                await using var stores = new Stores(deployment);
                var begun = TimeProvider.System.GetTimestamp();
                await new Rounds(deployment, stores, record, aim, seed).Run(time, ct);
                seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
                kept = record.Violations.Count > 0;
                if (kept)
                    await KeepLog(stores, folder.FullName, ct);
            }
            return new Outcome(seed, time.TotalMinutes, seconds, record.Counts, record.Violations, kept ? folder.FullName : null);
        }
        finally
        {
            if (!kept || ct.IsCancellationRequested)
                folder.Delete(recursive: true);
        }
    }

    /// <summary>What one looks through when something did not hold.</summary>
    private static async Task KeepLog(Stores stores, string folder, CancellationToken ct)
    {
        await using var file = new StreamWriter(Path.Combine(folder, "log.jsonl"));
        foreach (var e in (await LogAtRest.Read(stores, ct)).Events)
            await file.WriteLineAsync(JsonSerializer.Serialize(new { position = e.Position.Value, stream = e.Stream.Value, e.Version, e.Type, e.At, e.Headers.Actor, e.Headers.CommandId, e.Json }, JsonSerializerOptions.Web));
    }
}
