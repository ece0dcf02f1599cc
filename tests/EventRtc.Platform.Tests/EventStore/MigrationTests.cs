using EventRtc.Domain;
using EventRtc.EventStore;
using Npgsql;
using Xunit;

namespace EventRtc.Platform.Tests.EventStore;

[Collection(nameof(PostgresCollection))]
public sealed class MigrationTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Four_processes_that_start_at_once_make_the_tables_once()
    {
        var database = await postgres.NewDatabase();
        PostgresEventStore[] processes = [.. Enumerable.Range(0, 4).Select(_ => PostgresFixture.Open(database))];

        await Task.WhenAll(processes.Select(process => process.Migrate()));

        Assert.Equal(["001_event_tables", "002_append", "003_append_set", "004_parked"], await Rows(database, "select name from rtc_migrations order by name"));
        foreach (var process in processes)
            await process.DisposeAsync();
    }

    [Fact]
    public async Task A_later_start_leaves_the_events_alone()
    {
        await using var store = await postgres.NewStore();
        await store.Append(Sample.Lobby, 0);

        await store.Migrate();

        Assert.Single(await store.ReadAll(Position.Start, 10));
    }

    [Fact]
    public async Task The_tables_are_Martens_and_nothing_but_Martens()
    {
        var database = await MigratedDatabase();

        Assert.Equal(
        [
            "mt_event_progression.name character varying NOT NULL",
            "mt_event_progression.last_seq_id bigint",
            "mt_event_progression.last_updated timestamp with time zone DEFAULT transaction_timestamp()",
            "mt_events.seq_id bigint NOT NULL",
            "mt_events.id uuid NOT NULL",
            "mt_events.stream_id character varying",
            "mt_events.version bigint NOT NULL",
            "mt_events.data jsonb NOT NULL",
            "mt_events.bdata bytea",
            "mt_events.type character varying(500) NOT NULL",
            "mt_events.timestamp timestamp with time zone NOT NULL",
            "mt_events.tenant_id character varying DEFAULT '*DEFAULT*'::character varying",
            "mt_events.mt_dotnet_type character varying",
            "mt_events.correlation_id character varying",
            "mt_events.causation_id character varying",
            "mt_events.headers jsonb",
            "mt_events.is_archived boolean DEFAULT false",
            "mt_streams.id character varying NOT NULL",
            "mt_streams.type character varying",
            "mt_streams.version bigint",
            "mt_streams.timestamp timestamp with time zone NOT NULL DEFAULT now()",
            "mt_streams.created timestamp with time zone NOT NULL DEFAULT now()",
            "mt_streams.tenant_id character varying DEFAULT '*DEFAULT*'::character varying",
            "mt_streams.is_archived boolean DEFAULT false",
        ],
        await Rows(database, """
            select c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
                   || case when a.attnotnull then ' NOT NULL' else '' end || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
              from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
             where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname like 'mt\_%' and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum
            """));
    }

    [Fact]
    public async Task Keys_indexes_and_sequences_bear_the_names_that_Marten_looks_for()
    {
        var database = await MigratedDatabase();

        Assert.Equal(
        [
            "fkey_mt_events_stream_id FOREIGN KEY (stream_id) REFERENCES mt_streams(id) ON DELETE CASCADE",
            "pk_mt_event_progression PRIMARY KEY (name)",
            "pkey_mt_events_seq_id PRIMARY KEY (seq_id)",
            "pkey_mt_streams_id PRIMARY KEY (id)",
        ],
        await Rows(database, """
            select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = current_schema()::regnamespace and conrelid::regclass::text like 'mt\_%' order by conname
            """));
        Assert.Equal(["pk_mt_event_progression", "pk_mt_events_stream_and_version", "pkey_mt_events_seq_id", "pkey_mt_streams_id"],
            await Rows(database, "select indexname from pg_indexes where schemaname = current_schema() and tablename like 'mt\\_%' order by indexname collate \"C\""));
        Assert.Equal(["CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON mt_events USING btree (stream_id, version)"],
            await Rows(database, "select replace(indexdef, current_schema() || '.', '') from pg_indexes where schemaname = current_schema() and indexname = 'pk_mt_events_stream_and_version'"));
        Assert.Equal(["mt_events.seq_id"], await Rows(database, """
            select refobjid::regclass || '.' || a.attname from pg_depend d join pg_attribute a on a.attrelid = refobjid and a.attnum = refobjsubid
             where d.objid = 'mt_events_sequence'::regclass and d.deptype = 'a'
            """));
    }

    [Fact]
    public async Task A_row_has_what_a_reader_with_Marten_needs()
    {
        var database = await MigratedDatabase();
        await using var store = PostgresFixture.Open(database);
        var rooms = new CommandHandler<RoomState, RoomCommand, RoomEvent>(store, RoomDecider.Initial, RoomDecider.Evolve, RoomDecider.Decide, TimeProvider.System);
        var command = Guid.NewGuid();

        await rooms.Handle(
            Sample.Lobby, new RoomCommand.CreateRoom(new RoomId("lobby"), "ab12cd", 3, Sample.Noon), new CommandContext(command, "user:ada", "errand-1"));

        Assert.Equal(["room-lobby room 1 *DEFAULT* f"],
            await Rows(database, "select concat_ws(' ', id, type, version, tenant_id, is_archived) from mt_streams"));
        Assert.Equal([$"1 room-lobby 1 room_created *DEFAULT* errand-1 {command} user:ada f"], await Rows(database, """
            select concat_ws(' ', seq_id, stream_id, version, type, tenant_id, correlation_id, causation_id, headers ->> 'actor', is_archived) from mt_events
            """));
        Assert.Equal("""{"at": "2026-03-01T12:00:00+00:00", "pin": "ab12cd", "room": "lobby", "maxAnchors": 3}""",
            Assert.Single(await Rows(database, "select data::text from mt_events")));
        Assert.Equal(typeof(RoomEvent.RoomCreated), Type.GetType(Assert.Single(await Rows(database, "select mt_dotnet_type from mt_events"))));
    }

    private async Task<string> MigratedDatabase()
    {
        var database = await postgres.NewDatabase();
        await using var store = PostgresFixture.Open(database);
        await store.Migrate();
        return database;
    }

    private static async Task<List<string>> Rows(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var query = new NpgsqlCommand(sql, connection);
        await using var rows = await query.ExecuteReaderAsync();
        var found = new List<string>();
        while (await rows.ReadAsync())
            found.Add(rows.GetString(0));
        return found;
    }
}
