using EventRtc.Domain;
using EventRtc.JsonRpc;
using EventRtc.Local.Servers;
using Xunit;

namespace EventRtc.Services.Tests.Rooms;

/// <summary>Two rooms processes at once behave as one.</summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class ReplicaTests(ControlPlane plane) : IAsyncLifetime
{
    private const int Calls = 16;
    private ServiceProcess second = null!;
    private Api other = null!;

    public async ValueTask InitializeAsync()
    {
        second = plane.Replica(plane.Deployment.Rooms);
        await second.Start();
        other = new Api(second.Url);
        while ((await other.Post("/api/rooms", new { start = true })).Status == 503)
            await Task.Yield(); // until its copy of the heartbeats is there
    }

    public async ValueTask DisposeAsync()
    {
        other.Dispose();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task Of_many_creations_of_one_room_one_succeeds()
    {
        var id = ControlPlane.NewRoom();

        var answers = await AtOnce((api, n) => api.Post("/api/rooms", new { roomId = id, start = n % 3 == 0 }));

        Assert.Equal(1, answers.Count(answer => answer.Status == 201));
        Assert.Equal(Calls - 1, answers.Count(answer => answer is { Status: 409, Code: "room_exists" }));
        Assert.Single(await plane.Steps(id), "room_created");
    }

    [Fact]
    public async Task One_call_that_is_repeated_everywhere_at_once_has_one_answer()
    {
        var key = Guid.NewGuid().ToString();

        var answers = await AtOnce((api, _) => api.Post("/api/rooms", new { start = true }, key));

        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Single(answers.Select(answer => answer.Body.GetRawText()).Distinct());
        Assert.Equal(["room_created", "live_started"], await plane.Steps(answers[0].Room.Text("roomId")));
    }

    [Fact]
    public async Task A_room_is_started_once()
    {
        var id = await plane.Create();

        var answers = await AtOnce((api, _) => api.Post($"/api/rooms/{id}/start", new { }));

        Assert.All(answers, answer => Assert.Equal((200, "onair"), (answer.Status, answer.Room.Text("status"))));
        Assert.Equal(["room_created", "live_started"], await plane.Steps(id));
    }

    [Fact]
    public async Task No_more_anchors_are_admitted_than_there_are_places()
    {
        var id = await plane.Create(new { maxAnchors = 5 });

        var answers = await AtOnce((_, n) => plane.Users.Post($"/api/rooms/{id}/users", new { role = n % 2 == 0 ? "anchor" : "host" }));

        Assert.Equal(5, answers.Count(answer => answer.Status == 200));
        Assert.Equal(Calls - 5, answers.Count(answer => answer is { Status: 409, Code: "room_full" }));
        Assert.Equal(5, (await plane.Steps(id)).Count(step => step == "anchor_admitted"));
    }

    [Fact]
    public async Task Reports_are_taken_by_whichever_lives()
    {
        var id = await plane.Create(new { start = true });
        var nonce = await plane.NonceOf(id);

        var reports = Enumerable.Range(0, 40).Select(n => Report(id, nonce, port: 5000 + 2 * (n / 4))).ToList();
        await second.Kill();
        await Task.WhenAll(reports);

        var ports = (await plane.History(id)).Where(happened => happened.Text("type") == "mixer_port_allocated").Select(happened => happened.GetProperty("data").GetProperty("port").GetInt32()).ToList();
        Assert.Equal(Enumerable.Range(0, 10).Select(n => 5000 + 2 * n), ports.Distinct().Order());
        Assert.DoesNotContain(ports.Zip(ports.Skip(1)), pair => pair.First == pair.Second);
    }

    private async Task Report(string id, string nonce, int port)
    {
        try
        {
            await plane.Reports.Send(new RoomCommand.ReportMixerPort(new RoomId(id), ControlPlane.Mixer, nonce, "127.0.0.1", port, 3001, default), CancellationToken.None);
        }
        catch (RpcException busy) when (busy.Reason == "too_many_changes")
        {
            await Report(id, nonce, port);
        }
    }

    private async Task<Answer[]> AtOnce(Func<Api, int, Task<Answer>> call) =>
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(n => Task.Run(() => call(n % 2 == 0 ? plane.Rooms : other, n))));
}
