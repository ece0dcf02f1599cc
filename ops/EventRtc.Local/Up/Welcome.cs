using Spectre.Console;

namespace EventRtc.Local.Up;

/// <summary>What a newcomer sees when everything runs.</summary>
internal static class Welcome
{
    public static void Print(Deployment at, TimeSpan took, bool demo)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("What", "Where");
        table.AddRow("Studio (speak)", $"{at.Web}studio/");
        table.AddRow("Listen", $"{at.Web}listen/");
        table.AddRow("REST", $"{at.Web}api/rooms");
        table.AddRow("Rooms, Users", $"{at.Rooms.Url} {at.Users.Url}");
        table.AddRow("Gateways (WebSocket)", string.Join(", ", at.Gateways.Select(gateway => $"ws://{gateway.Address}/ws")));
        table.AddRow("HLS tokens", at.Hls.Url.ToString());
        table.AddRow("PostgreSQL", at.Postgres.ConnectionString);
        table.AddRow("Redis, etcd", $"{at.Redis.Address} {at.Etcd.Address}");
        table.AddRow("Janus (admin)", at.Janus.AdminUrl.ToString());
        table.AddRow("Data and logs", at.Folder);
        AnsiConsole.Write(table);

        var room = demo ? Demo.Room : "my-room";
        AnsiConsole.MarkupLineInterpolated($"EventRtc is up after [green]{took.TotalSeconds:0.0} s[/]. Three things to try:");
        if (demo)
            Console.WriteLine($"  1. Hear the test tone:  {at.Web}listen/?room={room}");
        else
            Console.WriteLine($"  1. Open a room:         curl -X POST {at.Web}api/rooms -H 'content-type: application/json' -d '{{\"roomId\":\"{room}\",\"pin\":\"123456\",\"start\":true}}'");
        Console.WriteLine($"  2. Speak in it:         {at.Web}studio/?room={room}   (pin {(demo ? Demo.Pin : "123456")}), and listen at {at.Web}listen/?room={room}");
        Console.WriteLine($"  3. See what happened:   ops/eventrtc history {room}   (ops/eventrtc --help shows what else)");
        Console.WriteLine("Ctrl-C stops everything.");
    }
}
