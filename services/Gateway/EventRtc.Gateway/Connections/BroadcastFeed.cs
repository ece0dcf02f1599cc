using System.Text.Json;
using EventRtc.Contracts.Clients;
using EventRtc.Domain;
using EventRtc.Streams;

namespace EventRtc.Gateway.Connections;

/// <summary>Follows what all gateways are told, and passes it on to the rooms' connections.</summary>
public sealed class BroadcastFeed(RedisClient redis, Lobby lobby, ParkedMedia parked, ILogger<BroadcastFeed> log)
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
        if (!RoomId.TryParse(entry[Broadcasts.Room], out var room))
            return;
        if (Read<RoomStatus>(entry, Broadcasts.Status) is { } status)
            lobby.Tell(room, status);
        if (Read<Eviction>(entry, Broadcasts.Evict) is { } eviction)
        {
            lobby.Evict(room, eviction);
            parked.Evict(room, eviction);
        }
    }

    private T? Read<T>(StreamEntry entry, string field) where T : class
    {
        ReadOnlyMemory<byte> json = entry[field];
        try
        {
            return json.IsEmpty ? null : JsonSerializer.Deserialize<T>(json.Span, DomainJson.Options);
        }
        catch (JsonException broken)
        {
            log.LogWarning("{Entry} of {Stream} is no {Field}: {Reason}", entry.Id, Broadcasts.Stream, field, broken.Message);
            return null;
        }
    }
}
