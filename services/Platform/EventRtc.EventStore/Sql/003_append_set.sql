-- Appends a group of requests in one transaction, each with its own expected version and its own answer. It takes arrays and works on them as sets,
-- which costs a third of going through them one by one.
--
-- streams, categories, expected, last_events: one element a request. A stream occurs once in a group. A request's events end at last_events, counted
--   from 1, and begin behind those of the request before it.
-- The other arrays: one element an event, in order; versions are what the events have if their request is taken, requests is the request's number.
-- answer:
--   positions        of the appended events in order; null when no request was taken.
--   refused          the numbers of the requests that were not taken, null when all were; for each of them in that order:
--   stream_versions  where the stream stands instead of at the expected version; or, when an earlier call appended the same events, their last version
--   last_positions   and their last position; null when there was no such call.
--
-- The advisory lock is held from before the first position is taken until the commit, so positions become visible in order and a reader never
-- meets a late lower one. Versions are compared before positions are taken, so a refusal leaves no gap.
drop function rtc_append(jsonb);

create function rtc_append(
    streams varchar[], categories varchar[], expected bigint[], last_events int[],
    ids uuid[], event_streams varchar[], requests int[], versions bigint[], types varchar[], bodies jsonb[], times timestamptz[], dotnet_types varchar[],
    correlations varchar[], causations varchar[], header_sets jsonb[],
    out positions bigint[], out refused int[], out stream_versions bigint[], out last_positions bigint[])
language plpgsql as $$
declare
    taken  int[];
    latest bigint;
    stands bigint;
    number int;
begin
    perform pg_advisory_xact_lock(8246783904);  -- any number that nothing else in this database locks

    with request as (
        select * from unnest(streams, categories, expected, last_events) with ordinality as r (stream, category, version, last_event, n)
    ), moved as (
        update mt_streams s set version = versions[r.last_event], timestamp = now() from request r where s.id = r.stream and s.version = r.version returning r.n
    ), opened as (
        insert into mt_streams (id, type, version) select r.stream, r.category, versions[r.last_event] from request r where r.version = 0
        on conflict do nothing returning array_position(streams, id) as n
    )
    select array_agg(a.n) into taken from (select m.n from moved m union all select o.n from opened o) a;
    if taken is null or cardinality(taken) < cardinality(streams) then
        select array_agg(n order by n) into refused from generate_series(1, cardinality(streams)) n where taken is null or not n = any (taken);
    end if;

    with appended as (
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
        select nextval('mt_events_sequence'), e.*
          from (select id, stream, version, body, type, time, dotnet_type, correlation, causation, header_set
                  from unnest(ids, event_streams, requests, versions, bodies, types, times, dotnet_types, correlations, causations, header_sets)
                       with ordinality as given (id, stream, request, version, body, type, time, dotnet_type, correlation, causation, header_set, n)
                 where refused is null or not request = any (refused)
                 order by n) e
        returning seq_id
    )
    select array_agg(seq_id order by seq_id) into positions from appended;

    if refused is not null then
        foreach number in array refused loop
            -- The same events may stand there from an earlier try whose answer was lost; they were appended together, so the last one tells.
            select e.version, e.seq_id into stands, latest
              from mt_events e
             where e.stream_id = streams[number] and e.version > expected[number] and e.id = ids[last_events[number]];
            if not found then
                stands := coalesce((select s.version from mt_streams s where s.id = streams[number]), 0);
            end if;
            stream_versions := stream_versions || stands;
            last_positions  := last_positions || latest;
        end loop;
    end if;

    if positions is not null then
        perform pg_notify('eventrtc_appended', positions[cardinality(positions)]::text);
    end if;
end
$$;

-- The same for one event alone, which is what an idle system appends: a single value is unpacked and used in a fraction of the time of an array of one.
create function rtc_append_one(
    stream varchar, category varchar, expected bigint, event_id uuid, event_type varchar, body jsonb, at timestamptz, dotnet_type varchar,
    correlation varchar, causation varchar, header_set jsonb,
    out positions bigint[], out refused int[], out stream_versions bigint[], out last_positions bigint[])
language plpgsql as $$
declare
    latest bigint;
    stands bigint;
begin
    perform pg_advisory_xact_lock(8246783904);

    update mt_streams s set version = expected + 1, timestamp = now() where s.id = stream and s.version = expected;
    if not found and expected = 0 then
        insert into mt_streams (id, type, version) values (stream, category, 1) on conflict do nothing;
    end if;

    if found then
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
        values (nextval('mt_events_sequence'), event_id, stream, expected + 1, body, event_type, at, dotnet_type, correlation, causation, header_set)
        returning seq_id into latest;
        positions := array[latest];
        perform pg_notify('eventrtc_appended', latest::text);
    else
        refused := array[1];
        select e.version, e.seq_id into stands, latest from mt_events e where e.stream_id = stream and e.version > expected and e.id = event_id;
        stream_versions := array[case when found then stands else coalesce((select s.version from mt_streams s where s.id = stream), 0) end];
        last_positions  := array[latest];
    end if;
end
$$;
