-- Appends a group of requests in one transaction, each with its own expected version and its own answer. It takes arrays and works on them as sets,
-- which costs a third of going through them one by one; a group of one has a path of its own, which costs half of what a set of one does.
--
-- streams, categories, expected, first_events, last_events: one element a request. A stream occurs once in a group. A request's events are those from
--   first_events to last_events, counted from 1.
-- The other arrays: one element an event, in order; versions are what the events have if their request is taken.
-- answers, one row a request, in order: the stream's version after the request, and the position of the request's last event.
--   No position: refused, the stream stands at that version instead of at the expected one. Repeated: an earlier call appended these events.
--
-- The advisory lock is held from before the first position is taken until the commit, so positions become visible in order and a reader never
-- meets a late lower one. Versions are compared before positions are taken, so a refusal leaves no gap.
drop function rtc_append(jsonb);

create function rtc_append(
    streams varchar[], categories varchar[], expected bigint[], first_events int[], last_events int[],
    ids uuid[], event_streams varchar[], requests int[], versions bigint[], types varchar[], bodies jsonb[], times timestamptz[], dotnet_types varchar[],
    correlations varchar[], causations varchar[], header_sets jsonb[])
returns table (stream_version bigint, last_position bigint, repeated boolean)
language plpgsql as $$
declare
    taken     boolean[];
    positions bigint[];
    latest    bigint;
    number    int;
    given     int := 0;
begin
    perform pg_advisory_xact_lock(8246783904);  -- any number that nothing else in this database locks

    if cardinality(streams) = 1 then
        update mt_streams s set version = versions[last_events[1]], timestamp = now() where s.id = streams[1] and s.version = expected[1];
        if not found and expected[1] = 0 then
            insert into mt_streams (id, type, version) values (streams[1], categories[1], versions[last_events[1]]) on conflict do nothing;
        end if;
        taken := array[found];
    else
        taken := array_fill(false, array[cardinality(streams)]);
        for number in
            with request as (
                select * from unnest(streams, categories, expected, last_events) with ordinality as r (stream, category, version, last_event, n)
            ), moved as (
                update mt_streams s set version = versions[r.last_event], timestamp = now() from request r where s.id = r.stream and s.version = r.version returning r.n
            ), opened as (
                insert into mt_streams (id, type, version) select r.stream, r.category, versions[r.last_event] from request r where r.version = 0
                on conflict do nothing returning array_position(streams, id) as n
            )
            select m.n from moved m union all select o.n from opened o
        loop
            taken[number] := true;
        end loop;
    end if;

    if cardinality(ids) = 1 then
        if taken[1] then
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
            values (nextval('mt_events_sequence'), ids[1], streams[1], versions[1], bodies[1], types[1], times[1], dotnet_types[1], correlations[1], causations[1], header_sets[1])
            returning seq_id into latest;
            positions := array[latest];
        end if;
    else
        with appended as (
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
            select nextval('mt_events_sequence'), e.*
              from (select id, stream, version, body, type, time, dotnet_type, correlation, causation, header_set
                      from unnest(ids, event_streams, requests, versions, bodies, types, times, dotnet_types, correlations, causations, header_sets)
                           with ordinality as given (id, stream, request, version, body, type, time, dotnet_type, correlation, causation, header_set, n)
                     where taken[request]
                     order by n) e
            returning seq_id
        )
        -- The events of the taken requests got their positions in order.
        select array_agg(seq_id order by seq_id) into positions from appended;
        latest := positions[cardinality(positions)];
    end if;

    for i in 1 .. cardinality(streams) loop
        if taken[i] then
            stream_version := versions[last_events[i]];
            given          := given + last_events[i] - first_events[i] + 1;
            last_position  := positions[given];
            repeated       := false;
        else
            -- The same events may stand there from an earlier try whose answer was lost; they were appended together, so the last one tells.
            select e.version, e.seq_id into stream_version, last_position
              from mt_events e
             where e.stream_id = streams[i] and e.version > expected[i] and e.id = ids[last_events[i]];
            repeated := found;
            if not repeated then
                stream_version := coalesce((select s.version from mt_streams s where s.id = streams[i]), 0);
            end if;
        end if;
        return next;
    end loop;

    if latest is not null then
        perform pg_notify('eventrtc_appended', latest::text);
    end if;
end
$$;
