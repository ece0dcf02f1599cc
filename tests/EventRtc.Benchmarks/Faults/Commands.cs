using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Local;
using EventRtc.Visitors;

namespace EventRtc.Benchmarks.Faults;

/// <summary>Opens rooms one after another, each with an idempotency key of its own, and keeps book of the answers.</summary>
internal sealed class Commands(Uri web) : IDisposable
{
    private static readonly TimeSpan SendEvery = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient http = new() { BaseAddress = web, Timeout = TimeSpan.FromSeconds(15) };
    private readonly ConcurrentDictionary<string, Command> sent = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<DateTimeOffset> done = [];
    private readonly ConcurrentBag<string> otherwise = [];
    private int answered503;

    /// <summary>Commands that were answered "not now, try again".</summary>
    public int Answered503 => answered503;

    /// <summary>Commands that were answered neither so nor that they are done, or not at all.</summary>
    public int AnsweredOtherwise => otherwise.Count;

    /// <summary>Sends on for a time, and waits for the answers.</summary>
    public async Task SendFor(TimeSpan time, CancellationToken ct)
    {
        var answers = new List<Task>();
        var until = TimeProvider.System.GetUtcNow() + time;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            var command = new Command($"cmd-{Guid.NewGuid():N}"[..20], $"{Guid.NewGuid()}");
            sent[command.Room] = command;
            answers.Add(Send(command, book: true, ct));
            await Task.Delay(SendEvery, ct);
        }
        await Task.WhenAll(answers);
    }

    /// <summary>Sends each command again with its key until it is done: those that were done already, too.</summary>
    public Task Repeat(CancellationToken ct) => Parallel.ForEachAsync(sent.Values, ct, async (command, _) =>
        await Eventually.True(() => Send(command, book: false, ct), FaultStage.Patience, $"{command.Room} is open"));

    public DateTimeOffset FirstDoneAfter(DateTimeOffset time) => done.Where(at => at > time).Min();

    /// <summary>Commands that the log does not have once.</summary>
    public async Task<int> LostOrDoubled(RoomApi rooms)
    {
        var wrong = 0;
        await Parallel.ForEachAsync(sent.Keys, async (room, _) =>
        {
            if (await rooms.History(room) is not ["room_created"])
                Interlocked.Increment(ref wrong);
        });
        return wrong;
    }

    public Task CleanUp(RoomApi rooms) => Parallel.ForEachAsync(sent.Keys, async (room, _) => await rooms.Remove(room));

    public void Dispose() => http.Dispose();

    /// <returns>Whether it is done.</returns>
    private async Task<bool> Send(Command command, bool book, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/rooms") { Content = JsonContent.Create(new { roomId = command.Room, pin = RoomApi.Pin }) };
        request.Headers.Add("Idempotency-Key", command.Key);
        var answer = await Answer(request, ct);
        if (answer is Done)
            done.Add(TimeProvider.System.GetUtcNow());
        else if (book && answer is TryAgain)
            Interlocked.Increment(ref answered503);
        else if (book)
            otherwise.Add(answer);
        return answer is Done;
    }

    private const string Done = "done", TryAgain = "try again";

    private async Task<string> Answer(HttpRequestMessage request, CancellationToken ct)
    {
        try
        {
            using var answer = await http.SendAsync(request, ct);
            if (answer.IsSuccessStatusCode)
                return Done;
            var text = await answer.Content.ReadAsStringAsync(ct);
            return answer.StatusCode is HttpStatusCode.ServiceUnavailable && JsonDocument.Parse(text).RootElement.GetProperty("retryable").GetBoolean() ? TryAgain : $"{answer.StatusCode} {text}";
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return failure.Message;
        }
    }

    private sealed record Command(string Room, string Key);
}
