-- Events that could not be projected, with the reason, until an operator retries or skips them.
create table rtc_parked (
    position   bigint      primary key,
    stream     varchar     not null,
    version    bigint      not null,
    type       varchar     not null,
    reason     varchar     not null,
    parked_at  timestamptz not null,
    skipped_at timestamptz,
    skipped_by varchar
);

create index rtc_parked_stream on rtc_parked (stream);
