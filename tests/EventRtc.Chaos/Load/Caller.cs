using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EventRtc.Local;
using EventRtc.Local.Servers;

namespace EventRtc.Chaos.Load;

/// <summary>
/// Sends commands as a careful client does: under a key of their own, again and again under the same one until somebody answers, through nginx or to one of the services.
/// Everything sent and every answer is kept.
/// </summary>
/// <param name="giveUp">Ends all waiting for answers; long after the last fault.</param>
internal sealed class Caller(Deployment deployment, Record record, int seed, CancellationToken giveUp) : IDisposable
{
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(4) };
    private readonly List<Command> commands = [];

    public IReadOnlyList<Command> Commands
    {
        get
        {
            lock (commands)
                return [.. commands];
        }
    }

    /// <param name="random">Of the actor who sends: each has its own, so that its choices follow from the seed whatever the others do.</param>
    /// <returns>Null when nobody answered until the end.</returns>
    public async Task<Answer?> Send(Random random, HttpMethod method, string room, string path, object? body, params string[] events)
    {
        var key = $"{seed}-{random.NextInt64():x}";
        var command = new Command(Command.IdOf(method, path, key), $"room-{room}", $"{method} {path}", events);
        lock (commands)
            commands.Add(command);
        record.Note("command", new { command.Id, command.What, body });
        var users = path.EndsWith("/users", StringComparison.Ordinal);
        for (var attempt = 1; command.Answer is null && !giveUp.IsCancellationRequested; attempt++)
        {
            if (attempt > 1)
                await Task.Delay(random.Next(50, 400), CancellationToken.None);
            command.Answer = await Try(method, Address(random, users, path), key, body);
            record.Count(attempt == 1 ? "command" : "command again");
        }
        record.Note("answer", new { command.Id, command.What, command.Answer });
        return command.Answer;
    }

    public async Task WaitUntilGone(string room)
    {
        while (!giveUp.IsCancellationRequested && !await IsGone(room))
            await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
    }

    public void Dispose() => http.Dispose();

    private async Task<bool> IsGone(string room)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(deployment.Web, $"/api/rooms/{room}"), giveUp);
            return answer.StatusCode is HttpStatusCode.NotFound;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return false; // nobody can tell now
        }
    }

    private Uri Address(Random random, bool users, string path)
    {
        var services = users ? [deployment.Users] : deployment.RoomsServices;
        var direct = services[random.Next(services.Count)];
        return new Uri(random.Next(3) == 0 ? direct.Url : deployment.Web, path);
    }

    /// <returns>Null when it is to be tried again.</returns>
    private async Task<Answer?> Try(HttpMethod method, Uri address, string key, object? body)
    {
        try
        {
            using var request = new HttpRequestMessage(method, address) { Content = JsonContent.Create(body ?? new { }) };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await http.SendAsync(request, giveUp);
            var text = await answer.Content.ReadAsStringAsync(giveUp);
            if (answer.IsSuccessStatusCode)
                return new Answer((int)answer.StatusCode, null, text);
            var (code, retryable) = ErrorIn(text);
            if (answer.StatusCode is HttpStatusCode.InternalServerError || code is "validation_failed")
                record.Violation($"{method} {address.AbsolutePath} was answered {(int)answer.StatusCode}: {text}");
            record.Count($"answered {(int)answer.StatusCode} {code}");
            return retryable || answer.StatusCode >= HttpStatusCode.InternalServerError ? null : new Answer((int)answer.StatusCode, code ?? "?", text);
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            record.Count($"not answered: {(away as HttpRequestException)?.HttpRequestError.ToString() ?? "time-out"}");
            return null;
        }
    }

    /// <summary>What nginx says by itself has no code, and passes.</summary>
    private static (string? Code, bool Retryable) ErrorIn(string text)
    {
        try
        {
            var error = JsonSerializer.Deserialize<JsonElement>(text);
            return (error.GetProperty("code").GetString(), error.GetProperty("retryable").GetBoolean());
        }
        catch (Exception foreign) when (foreign is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, true);
        }
    }
}
