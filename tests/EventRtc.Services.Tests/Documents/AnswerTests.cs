using System.Net.Http.Json;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.Local;
using EventRtc.Services.Tests.Listening;
using EventRtc.Services.Tests.Roles;
using Xunit;

namespace EventRtc.Services.Tests.Documents;

/// <summary>
/// Real answers beside the documents: each call through its success and every refusal that can be brought about, and at the end nothing is promised that was not seen. <see cref="Api"/> holds each
/// answer to the document; so it does in all other tests, some of which bring about what is left out here.
/// </summary>
[Collection(ControlPlaneCollection.Name)]
public sealed class AnswerTests(ControlPlane plane, TokenMode services) : IClassFixture<TokenMode>
{
    /// <summary>A fault of ours, and what only an outage brings about (see <c>OutageTests</c> and <c>OperationsTests</c>).</summary>
    private static readonly string[] NotBroughtAbout =
    [
        "listRooms 503", "roomHistory 503", "listModules 503", "stats 503",
        "startRebuild 503", "rebuild 503", "verify 503", "listParked 503", "retryParked 503", "skipParked 503", "startRebuild 409", "verify 409",
        "issueToken 503", "getKey 503", "health 503", "ready 503",
    ];

    private string Operator => plane.StaffToken(StaffRole.Operator);

    private Api Rooms => services["rooms"];

    private Api Users => services["users"];

    private Api Projector => services["projector"];

    private Api Hls => services["hls"];

    [Fact]
    public async Task The_rooms_service_answers_as_its_document_says_and_in_every_way_that_it_says()
    {
        await using var keyless = plane.Replica(plane.Deployment.Rooms, ("AUDIT_KEY_FILE", null));
        await keyless.Start();
        using var mute = new Api(keyless.Url);
        var scene = await Scene.Set(plane);
        var (id, other) = (ControlPlane.NewRoom(), ControlPlane.NewRoom());

        Assert.Equal(201, await Post(Rooms, "/api/rooms", new { roomId = id, maxAnchors = 2 }));
        Assert.Equal(409, await Post(Rooms, "/api/rooms", new { roomId = id }));
        Assert.Equal(201, await Post(Rooms, "/api/rooms", new { roomId = other }));
        await plane.WithdrawModules();
        Assert.Equal(503, await Post(Rooms, $"/api/rooms/{other}/start"));
        await plane.OfferModules();
        Assert.Equal(200, await Post(Rooms, $"/api/rooms/{other}/start"));
        foreach (var room in (string[])[id, other, scene.Room])
            foreach (var part in (string[])["", "/history", "/state", "/state?version=1", "/diff?from=0&to=1"])
                Assert.Equal(200, await Get(Rooms, $"/api/rooms/{room}{part}"));
        Assert.Equal(404, await Get(Rooms, $"/api/rooms/{id}/diff?from=0&to=9"));
        Assert.Equal(200, await Get(Rooms, "/api/rooms?limit=1"));
        Assert.Equal(200, await Get(Rooms, "/api/rooms?limit=1000"));
        Assert.Equal(200, await Delete(Rooms, $"/api/rooms/{other}"));
        Assert.Equal(409, await Post(Rooms, $"/api/rooms/{other}/start"));

        var marked = $"/api/modules/januses/m-{id}/mark";
        Assert.Equal(200, (await Rooms.Send(HttpMethod.Put, marked, JsonContent.Create(new { label = "cordon", ttl = 60 }), token: Operator)).Status);
        Assert.Equal(200, await Get(Rooms, "/api/modules"));
        Assert.Equal(200, await Delete(Rooms, marked));
        Assert.Equal(400, await Delete(Rooms, "/api/modules/gateways/x/mark"));
        Assert.Equal(200, await Get(Rooms, "/api/stats"));

        Assert.Equal(200, await Get(Rooms, $"/api/audit/export?room={id}&room={other}"));
        Assert.Equal(404, await Get(Rooms, "/api/audit/export?room=x"));
        Assert.Equal(200, await Get(Rooms, "/api/audit/head"));
        foreach (var what in (string[])["export", "head"])
            Assert.Equal(503, await Get(mute, $"/api/audit/{what}"));

        var positions = (await Poison.Into(plane, plane.Projector, $"room-{id}"), await Poison.Into(plane, plane.Projector, $"janus-m-{id}"));
        Assert.Equal(503, await Post(Rooms, "/api/rooms", new { roomId = id }));
        Assert.Equal(503, await Post(Rooms, $"/api/rooms/{id}/start"));
        foreach (var part in (string[])["", "/state", "/diff?from=0&to=2"])
            Assert.Equal(503, await Get(Rooms, $"/api/rooms/{id}{part}"));
        Assert.Equal(503, await Delete(Rooms, $"/api/rooms/{id}"));
        Assert.Equal(503, (await Rooms.Send(HttpMethod.Put, marked, JsonContent.Create(new { label = "ready" }), token: Operator)).Status);
        Assert.Equal(503, await Delete(Rooms, marked));
        foreach (var position in (long[])[positions.Item1, positions.Item2])
            Assert.Equal(200, (await plane.Projector.Post($"/api/parked/{position}/skip", new { })).Status);

        await new Knocking(Rooms, scene.Room, scene.Tokens).AtEveryDoor();
        await MustHaveSeenAll(Rooms, mute);
    }

    [Fact]
    public async Task The_users_service_answers_as_its_document_says_and_in_every_way_that_it_says()
    {
        var scene = await Scene.Set(plane);
        var id = await plane.Create(new { maxAnchors = 1 });
        var users = $"/api/rooms/{id}/users";

        var admitted = await Users.Send(HttpMethod.Post, users, JsonContent.Create(new { role = "host" }), token: Operator);
        Assert.Equal(200, admitted.Status);
        Assert.Equal(409, await Post(Users, users));
        Assert.Equal(200, await Delete(Users, $"{users}/{admitted.Body.Text("userID")}"));
        var position = await Poison.Into(plane, plane.Projector, $"room-{id}");
        Assert.Equal(503, await Post(Users, users));
        Assert.Equal(503, await Delete(Users, $"{users}/{Guid.NewGuid()}"));
        Assert.Equal(200, (await plane.Projector.Post($"/api/parked/{position}/skip", new { })).Status);

        await new Knocking(Users, scene.Room, scene.Tokens).AtEveryDoor();
        await MustHaveSeenAll(Users);
    }

    [Fact]
    public async Task The_projector_answers_as_its_document_says_and_in_every_way_that_it_says()
    {
        var scene = await Scene.Set(plane);
        var position = await Poison.Into(plane, plane.Projector, $"room-{await plane.Create()}");

        foreach (var request in (object[])[new { dryRun = true }, new { room = scene.Room }])
        {
            Assert.Equal(202, await Post(Projector, "/api/rebuild", request));
            await Eventually.True(
                async () => (await Projector.Get("/api/rebuild", Operator)).Body.GetProperty("rebuild").Text("state") == "done", ControlPlane.Patience, "the rebuild is done");
        }
        Assert.Equal(200, await Get(Projector, "/api/verify"));
        Assert.Equal(200, await Get(Projector, "/api/parked"));
        Assert.Equal(200, await Post(Projector, $"/api/parked/{position}/retry"));
        Assert.Equal(200, await Post(Projector, $"/api/parked/{position}/skip", new { by = "ann" }));
        Assert.Equal(200, await Get(Projector, "/api/parked"));
        foreach (var what in (string[])["retry", "skip"])
            Assert.Equal(404, await Post(Projector, $"/api/parked/999999999/{what}"));

        await new Knocking(Projector, scene.Room, scene.Tokens).AtEveryDoor();
        await MustHaveSeenAll(Projector);
    }

    [Fact]
    public async Task The_hls_service_answers_as_its_document_says_and_in_every_way_that_it_says()
    {
        await using var files = await ServedFiles.Start();
        var (scene, silent) = (await Scene.Set(plane), await plane.Create(new { start = true }));
        var nonce = await plane.NonceOf(silent);
        await plane.Reports.Send(new RoomCommand.ReportMixerPort(new RoomId(silent), ControlPlane.Mixer, nonce, "127.0.0.1", 5006, files.Port, default), CancellationToken.None);
        files.Put(silent, "seg1.ts", "sound");

        Assert.Equal(200, await Post(Hls, "/api/token", new { roomId = scene.Room }));
        Assert.Equal(404, await Post(Hls, "/api/token", new { roomId = ControlPlane.NewRoom() }));
        await Eventually.True(async () => (await Hls.Get($"/hls/rooms/{scene.Room}/enc.key", scene.Tokens["listener"])).Status == 200, ControlPlane.Patience, "the key is given");
        Assert.Equal(403, (await Hls.Get($"/hls/rooms/{scene.Room}/enc.key?n=another", scene.Tokens["listener"])).Status);
        Assert.Equal(503, await Get(Hls, $"/hls/rooms/{silent}/stream.m3u8"));
        files.Put(silent, "stream.m3u8", "#EXTM3U");
        await Eventually.True(async () => await Get(Hls, $"/hls/rooms/{silent}/stream.m3u8") == 200, ControlPlane.Patience, "the playlist is there");
        Assert.Equal(200, await Get(Hls, $"/hls/rooms/{silent}/seg1.ts"));
        Assert.Equal(404, await Get(Hls, $"/hls/rooms/{silent}/seg2.ts"));
        Assert.Equal(409, await Get(Hls, $"/hls/rooms/{await plane.Create()}/stream.m3u8"));

        await new Knocking(Hls, scene.Room, scene.Tokens).AtEveryDoor();
        await MustHaveSeenAll(Hls);
    }

    /// <summary>A promise that no call here keeps may be none: a new route or a new refusal has to be called here too.</summary>
    private static async Task MustHaveSeenAll(Api service, params Api[] others)
    {
        foreach (var page in (string[])["", "/live", "/ready"])
            Assert.Equal(200, (await service.Get($"/health{page}")).Status);
        var document = await service.Document();
        var seen = document.Seen.ToHashSet();
        foreach (var other in others)
            seen.UnionWith((await other.Document()).Seen);
        var promised = from operation in document.Operations from status in operation.Statuses where status != 500 && !seen.Contains((operation.Id, status)) select $"{operation.Id} {status}";
        Assert.Empty(promised.Except(NotBroughtAbout));
    }

    private async Task<int> Get(Api service, string path) => (await service.Get(path, Operator)).Status;

    private async Task<int> Post(Api service, string path, object? body = null) => (await service.Send(HttpMethod.Post, path, JsonContent.Create(body ?? new { }), token: Operator)).Status;

    private async Task<int> Delete(Api service, string path) => (await service.Send(HttpMethod.Delete, path, token: Operator)).Status;
}
