using System.Diagnostics;
using System.Text.Json;
using EventRtc.Domain;
using EventRtc.EventStore;
using EventRtc.Local;
using EventRtc.Platform.Tests.EventStore;
using Npgsql;
using Xunit;

namespace EventRtc.Platform.Tests.Ops;

/// <summary>The real command line as a process, on a database of its own with a room that has gone on air.</summary>
internal sealed class OpsRig : IAsyncDisposable
{
    public const string Pin = "s3cret";
    public const string Nonce = "n0nce-of-a-session";

    public static readonly RoomId Room = new("lobby");
    public static readonly ModuleId Janus = new("janus-1");
    public static readonly ModuleId Mixer = new("mixer-1");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string database;
    private readonly TestFolder folder = new();
    private readonly CommandHandler<RoomState, RoomCommand, RoomEvent> rooms;

    private OpsRig(string database)
    {
        this.database = database;
        Store = PostgresFixture.Open(database);
        rooms = new(Store, RoomDecider.Initial, RoomDecider.Evolve, RoomDecider.Decide, TimeProvider.System);
        Variables = new Dictionary<string, string?>
        {
            ["POSTGRES_DSN"] = database,
            ["JWT_SECRET"] = new string('s', 32),
            ["AUDIT_KEY_FILE"] = In("audit-key.pem"),
        };
    }

    public PostgresEventStore Store { get; }

    public Dictionary<string, string?> Variables { get; }

    public static async Task<OpsRig> Start(PostgresFixture postgres)
    {
        var rig = new OpsRig(await postgres.NewDatabase());
        await rig.Store.Migrate();
        AuditKey.Create(rig.In("audit-key.pem"), rig.In("audit-key.pub.pem")).Dispose();
        await rig.GoOnAir(Room);
        return rig;
    }

    public string In(string file) => Path.Combine(folder.Path, file);

    /// <summary>room_created, live_started, janus_room_created, mixer_port_allocated, forwarding_started.</summary>
    public async Task GoOnAir(RoomId room)
    {
        await Do(new RoomCommand.CreateRoom(room, Pin, 3, Noon));
        await Do(new RoomCommand.StartLive(room, Janus, Mixer, Nonce, Noon));
        await Do(new RoomCommand.ReportJanusRoom(room, Janus, Nonce, 9_007_199_254_740_993, Noon));
        await Do(new RoomCommand.ReportMixerPort(room, Mixer, Nonce, "10.0.0.5", 5004, 3001, Noon));
        await Do(new RoomCommand.ReportForwarding(room, Janus, 9_007_199_254_740_993, "10.0.0.5", 5004, Noon));
    }

    public async Task Do(RoomCommand command) =>
        Assert.IsType<Handled<RoomState>.Done>(await rooms.Handle(new StreamId($"room-{command.Room}"), command, new CommandContext(Guid.NewGuid(), "user:ada", "errand-1")));

    /// <summary>Past the store, as somebody would who has the database's password.</summary>
    public async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }

    public async Task<string> Token(string role) => (await Run("token", "--role", role, "--name", "ann")).MustSucceed().Trim();

    public Task<Ran> Run(params string[] arguments) => Run(Variables, folder.Path, arguments);

    /// <summary>Runs the command line on any servers.</summary>
    public static async Task<Ran> Run(IReadOnlyDictionary<string, string?> variables, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Checkout.Assembly("ops/EventRtc.Ops"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new Ran(process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        folder.Dispose();
    }
}

/// <summary>How a command ended and what it said.</summary>
internal sealed record Ran(int Code, string Output, string Error)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json => JsonElement.Parse(Output);

    public string MustSucceed()
    {
        Assert.Equal((0, ""), (Code, Code == 0 ? "" : Output + Error));
        return Output;
    }

    /// <summary>One clear line, and no stack trace.</summary>
    public Ran MustEndWith(int code, params string[] words)
    {
        Assert.Equal((code, true), (Code, Error.StartsWith("eventrtc: ", StringComparison.Ordinal)));
        Assert.Single(Error.TrimEnd().Split('\n'));
        Assert.All(words, word => Assert.Contains(word, Error, StringComparison.Ordinal));
        return this;
    }
}
