using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using EventRtc.Etcd;
using EventRtc.Hosting.Processes;
using EventRtc.Local;
using EventRtc.Local.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Visitors;

/// <summary>What a room may leave behind, looked for where it would be.</summary>
public static class Remains
{
    private static readonly HttpClient Http = new();

    /// <summary>The AudioBridge rooms that were made for the room, on any Janus that answers.</summary>
    public static async Task<int> JanusRooms(Deployment at, string room) => (await BridgesOf(at, room)).Count;

    /// <summary>Who is in the room's mix, by the users' ids; a ghost shows as one more.</summary>
    public static async Task<IReadOnlyList<string>> Participants(Deployment at, string room)
    {
        var (janus, bridge) = (await BridgesOf(at, room)).Single();
        return [.. (await Ask(janus, new { request = "listparticipants", room = bridge })).GetProperty("participants").EnumerateArray().Select(one => one.GetProperty("display").GetString()!)];
    }

    /// <summary>The ffmpeg processes below the mixers.</summary>
    public static int Ffmpegs(Deployment at) => FfmpegIds(at).Count;

    /// <summary>Their process ids.</summary>
    public static IReadOnlyList<int> FfmpegIds(Deployment at) =>
        [.. at.MixerWorkers.Where(mixer => mixer.IsRunning).SelectMany(mixer => ProcessTable.Tree(mixer.ProcessId!.Value)).Where(IsFfmpeg)];

    /// <summary>The keys of the room's views.</summary>
    public static async Task<int> EtcdKeys(Deployment at, string room)
    {
        await using var etcd = new EtcdClient(new EtcdOptions { Endpoints = [at.Etcd.Address] }, NullLogger<EtcdClient>.Instance);
        return (await etcd.List($"/rooms/{room}/", CancellationToken.None)).Items.Count;
    }

    /// <summary>Whether the RTP port and the RTCP port above it can be bound again.</summary>
    public static bool IsFree(int port) => CanBind(port) && CanBind(port + 1);

    /// <summary>The room's AudioBridge rooms by their numbers, each with its Janus.</summary>
    public static async Task<IReadOnlyList<(JanusServer Janus, long Bridge)>> BridgesOf(Deployment at, string room) =>
        [.. (await Task.WhenAll(at.Januses.Where(janus => janus.IsRunning).Select(janus => BridgesOf(janus, room)))).SelectMany(found => found)];

    private static async Task<IReadOnlyList<(JanusServer Janus, long Bridge)>> BridgesOf(JanusServer janus, string room) =>
    [
        .. (await Ask(janus, new { request = "list", admin_key = janus.AdminKey })).GetProperty("list").EnumerateArray()
            .Where(bridge => bridge.GetProperty("description").GetString()!.StartsWith($"{room}/", StringComparison.Ordinal))
            .Select(bridge => (janus, bridge.GetProperty("room").GetInt64())),
    ];

    private static async Task<JsonElement> Ask(JanusServer janus, object request)
    {
        using var answer = await Http.PostAsJsonAsync(janus.AdminUrl, new
        {
            janus = "message_plugin",
            transaction = "remains",
            admin_secret = janus.AdminSecret,
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
