-- One change to who is in a room, and its broadcast, in one step: the versions of broadcasts follow the order of the changes.
--
-- KEYS: the room's hash, the index of rooms, the broadcast stream
-- ARGV: 'put' or 'drop', room, user, role, status, name, now in unix milliseconds, oldest broadcast to keep (milliseconds)
-- Answer: the room's status in JSON when it changed or was asked for by a join, else nothing.
--
-- Hash: m:{user} -> role, s:{user} -> seconds,status,generation; n:{user} -> display name; v -> version.
local hash, rooms, stream = KEYS[1], KEYS[2], KEYS[3]
local op, room, user, role, status, name, now = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])

local before = redis.call('HMGET', hash, 'm:' .. user, 's:' .. user, 'v')
local changed
if op == 'put' then
    local was, generation = nil, 0
    if before[2] then
        was = before[2]:match('^%d+,(%a+),')
        generation = tonumber(before[2]:match('(%d+)$'))
    end
    changed = before[1] ~= role or was ~= status or name ~= ''
    redis.call('HSET', hash, 'm:' .. user, role, 's:' .. user, math.floor(now / 1000) .. ',' .. status .. ',' .. (generation + 1))
    if name ~= '' then
        redis.call('HSET', hash, 'n:' .. user, name)
    end
    redis.call('HSETNX', rooms, room, math.floor(now / 1000))
else
    changed = before[1]
    redis.call('HDEL', hash, 'm:' .. user, 's:' .. user, 'n:' .. user)
end
if not changed then
    return false
end

-- From the clock, so that it also grows over a room that was empty for a while.
local version = math.max(tonumber(before[3] or '0') + 1, now)
local fields, by = redis.call('HGETALL', hash), {}
for i = 1, #fields, 2 do
    by[fields[i]] = fields[i + 1]
end
local members = {}
for field, value in pairs(by) do
    local member = field:match('^m:(.+)$')
    if member then
        table.insert(members, { userId = member, role = value, status = (by['s:' .. member] or ''):match('^%d+,(%a+),') or 'idle', displayName = by['n:' .. member] })
    end
end
table.sort(members, function(a, b) return a.userId < b.userId end)

if #members == 0 then
    redis.call('DEL', hash)
    redis.call('HDEL', rooms, room)
else
    redis.call('HSET', hash, 'v', string.format('%.0f', version))
end
local list = #members == 0 and '[]' or cjson.encode(members)
local answer = '{"version":' .. string.format('%.0f', version) .. ',"members":' .. list .. '}'
redis.call('XADD', stream, 'MINID', '~', ARGV[8], '*', 'room', room, 'status', answer)
return answer
