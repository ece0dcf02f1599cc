-- Marten's own event tables (9.x, string stream ids, one tenant, metadata columns on), so that a program with Marten opens the same database.
-- Marten drops columns and indexes that it does not know from these tables: whatever else is kept goes into tables named rtc_*.

create table if not exists mt_streams (
    id          varchar     not null,
    type        varchar,                                    -- the aggregate's alias: "room"
    version     bigint,
    timestamp   timestamptz not null default now(),
    created     timestamptz not null default now(),
    tenant_id   varchar     default '*DEFAULT*',
    is_archived boolean     default false,
    constraint pkey_mt_streams_id primary key (id)
);

create table if not exists mt_events (
    seq_id         bigint       not null,                   -- the position, from mt_events_sequence
    id             uuid         not null,
    stream_id      varchar,
    version        bigint       not null,
    data           jsonb        not null,
    bdata          bytea,
    type           varchar(500) not null,
    timestamp      timestamptz  not null,
    tenant_id      varchar      default '*DEFAULT*',
    mt_dotnet_type varchar,
    correlation_id varchar,
    causation_id   varchar,
    headers        jsonb,
    is_archived    boolean      default false,
    constraint pkey_mt_events_seq_id primary key (seq_id),
    constraint fkey_mt_events_stream_id foreign key (stream_id) references mt_streams (id) on delete cascade
);

create unique index if not exists pk_mt_events_stream_and_version on mt_events (stream_id, version);

create sequence if not exists mt_events_sequence owned by mt_events.seq_id;

create table if not exists mt_event_progression (
    name         varchar     not null,
    last_seq_id  bigint,
    last_updated timestamptz default transaction_timestamp(),
    constraint pk_mt_event_progression primary key (name)
);
