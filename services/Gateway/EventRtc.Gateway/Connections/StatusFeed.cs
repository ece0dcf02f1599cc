using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Streams;

namespace EventRtc.Gateway.Connections;

/// <summary>Follows what the users service tells all gateways, and passes it on to the rooms' connections.</summary>
public sealed class StatusFeed(RedisClient redis, Lobby lobby, ILogger<StatusFeed> log)
{
    private static readonly TimeSpan Block = TimeSpan.FromSeconds(5);

    private string? lastRead;

    /// <exception cref="RedisException">Redis is away: run it again, it goes on where it was.</exception>
    public async Task Run(CancellationToken ct)
    {
        // What was told before this gateway ran, each connection is told when it joins.
        lastRead ??= (await redis.StreamInfoAsync(Broadcasts.Stream, ct))?.LastGeneratedId ?? StreamPosition.Beginning;
        while (true)
        {
            foreach (var stream in await redis.StreamReadAsync([new StreamPosition(Broadcasts.Stream, lastRead)], block: Block, ct: ct))
            {
                foreach (var entry in stream.Entries)
                {
                    lastRead = entry.Id;
                    Pass(entry);
                }
            }
        }
    }

    private void Pass(StreamEntry entry)
    {
        try
        {
            ReadOnlyMemory<byte> json = entry["status"];
            if (RoomId.TryParse(entry["room"], out var room) && JsonSerializer.Deserialize<RoomStatus>(json.Span, DomainJson.Options) is { } status)
                lobby.Tell(room, status);
        }
        catch (JsonException broken)
        {
            log.LogWarning("{Entry} of {Stream} is no room status: {Reason}", entry.Id, Broadcasts.Stream, broken.Message);
        }
    }
}
