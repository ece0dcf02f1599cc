-- Appends a group of requests in one transaction, each with its own expected version and its own answer.
--
-- requests: [{stream, category, expected, correlation, causation, headers, events: [{id, type, dotnet, at, data}]}]
-- answers, one row a request, in order: the stream's version after the request, and the position of the request's last event.
--   No position: refused, the stream stands at that version instead of at the expected one. Repeated: an earlier call appended these events.
--
-- The advisory lock is held from before the first position is taken until the commit, so positions become visible in order and a reader never
-- meets a late lower one. Versions are compared before positions are taken, so a refusal leaves no gap.
create function rtc_append(requests jsonb) returns table (stream_version bigint, last_position bigint, repeated boolean)
language plpgsql as $$
declare
    request jsonb;
    event   jsonb;
    stream  varchar;
    latest  bigint;
begin
    perform pg_advisory_xact_lock(8246783904);  -- any number that nothing else in this database locks

    for request in select jsonb_array_elements(requests) loop
        stream         := request ->> 'stream';
        stream_version := coalesce((select s.version from mt_streams s where s.id = stream), 0);
        last_position  := null;
        repeated       := false;

        if stream_version = (request ->> 'expected')::bigint then
            insert into mt_streams (id, type, version) values (stream, request ->> 'category', 0) on conflict do nothing;
            for event in select jsonb_array_elements(request -> 'events') loop
                stream_version := stream_version + 1;
                last_position  := nextval('mt_events_sequence');
                insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp,
                                       mt_dotnet_type, correlation_id, causation_id, headers)
                values (last_position, (event ->> 'id')::uuid, stream, stream_version, event -> 'data', event ->> 'type', (event ->> 'at')::timestamptz,
                        event ->> 'dotnet', request ->> 'correlation', request ->> 'causation', request -> 'headers');
            end loop;
            update mt_streams set version = stream_version, timestamp = now() where id = stream;
            latest := last_position;
        else
            -- The same events may stand there from an earlier try whose answer was lost; they were appended together, so the last one tells.
            select e.version, e.seq_id into stream_version, last_position
              from mt_events e
             where e.stream_id = stream and e.version > (request ->> 'expected')::bigint and e.id = (request #>> '{events,-1,id}')::uuid;
            repeated := found;
            if not repeated then
                stream_version := coalesce((select s.version from mt_streams s where s.id = stream), 0);
            end if;
        end if;
        return next;
    end loop;

    if latest is not null then
        perform pg_notify('eventrtc_appended', latest::text);
    end if;
end
$$;
