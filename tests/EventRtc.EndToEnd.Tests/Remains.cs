using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using EventRtc.Etcd;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.EndToEnd.Tests;

/// <summary>What a room may leave behind, looked for where it would be.</summary>
internal static class Remains
{
    private static readonly HttpClient Http = new();

    /// <summary>The AudioBridge rooms of Janus that were made for the room.</summary>
    public static async Task<int> JanusRooms(Deployment at, string room) => (await BridgesOf(at, room)).Count;

    /// <summary>Who is in the room's mix, by the users' ids; a ghost shows as one more.</summary>
    public static async Task<IReadOnlyList<string>> Participants(Deployment at, string room)
    {
        var bridge = Xunit.Assert.Single(await BridgesOf(at, room)).GetProperty("room").GetInt64();
        return [.. (await Ask(at, new { request = "listparticipants", room = bridge })).GetProperty("participants").EnumerateArray().Select(one => one.GetProperty("display").GetString()!)];
    }

    /// <summary>The ffmpeg processes below the mixer.</summary>
    public static int Ffmpegs(Deployment at) => ProcessTable.Tree(at.MixerWorker.ProcessId!.Value).Count(IsFfmpeg);

    /// <summary>The keys of the room's views.</summary>
    public static async Task<int> EtcdKeys(Deployment at, string room)
    {
        await using var etcd = new EtcdClient(new EtcdOptions { Endpoints = [at.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        return (await etcd.List($"/rooms/{room}/", CancellationToken.None)).Items.Count;
    }

    /// <summary>Whether the RTP port and the RTCP port above it can be bound again.</summary>
    public static bool IsFree(int port) => CanBind(port) && CanBind(port + 1);

    private static async Task<IReadOnlyList<JsonElement>> BridgesOf(Deployment at, string room) =>
    [
        .. (await Ask(at, new { request = "list", admin_key = at.Janus.AdminKey })).GetProperty("list").EnumerateArray()
            .Where(bridge => bridge.GetProperty("description").GetString()!.StartsWith($"{room}/", StringComparison.Ordinal)),
    ];

    private static async Task<JsonElement> Ask(Deployment at, object request)
    {
        using var answer = await Http.PostAsJsonAsync(at.Janus.AdminUrl, new
        {
            janus = "message_plugin",
            transaction = "remains",
            admin_secret = at.Janus.AdminSecret,
            plugin = "janus.plugin.audiobridge",
            request,
        });
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("response");
    }

    private static bool IsFfmpeg(int process)
    {
        var name = $"/proc/{process}/comm";
        return File.Exists(name) && File.ReadAllText(name).Trim() == "ffmpeg";
    }

    private static bool CanBind(int port)
    {
        try
        {
            using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
