-- One change to who is in a room, and its broadcast, in one step: the versions of broadcasts follow the order of the changes.
--
-- KEYS: the room's hash, the index of rooms, the broadcast stream
-- ARGV: 'put', 'renew' or 'drop', room, user, role, status, name, how long broadcasts are kept (milliseconds)
-- Answer: the room's status in JSON when it was broadcast; an empty text when nothing changed but the member's time; nothing when the member is not there.
--
-- Hash: m:{user} -> role, s:{user} -> seconds,status,generation; n:{user} -> display name; v -> version.
local hash, rooms, stream = KEYS[1], KEYS[2], KEYS[3]
local op, room, user, role, status, name, keep = unpack(ARGV)
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)

local before = redis.call('HMGET', hash, 'm:' .. user, 's:' .. user, 'v')
if op ~= 'put' and not before[1] then
    return false
end
if op == 'drop' then
    redis.call('HDEL', hash, 'm:' .. user, 's:' .. user, 'n:' .. user)
else
    local was, generation = (before[2] or ',,0'):match('^%d*,(%a*),(%d+)$')
    redis.call('HSET', hash, 'm:' .. user, role, 's:' .. user, clock[1] .. ',' .. status .. ',' .. (generation + 1))
    if op == 'put' then
        redis.call('HSET', hash, 'n:' .. user, name)
        redis.call('HSETNX', rooms, room, clock[1])
    elseif before[1] == role and was == status then
        return ''
    end
end

-- From the clock, so that it also grows over a room that was empty for a while.
local version = string.format('%.0f', math.max(tonumber(before[3] or '0') + 1, now))
local fields, by = redis.call('HGETALL', hash), {}
for i = 1, #fields, 2 do
    by[fields[i]] = fields[i + 1]
end
local members = {}
for field, value in pairs(by) do
    local member = field:match('^m:(.+)$')
    if member then
        table.insert(members, { userId = member, role = value, status = by['s:' .. member]:match('^%d+,(%a+),'), displayName = by['n:' .. member] })
    end
end
table.sort(members, function(a, b) return a.userId < b.userId end)

if #members == 0 then
    redis.call('DEL', hash)
    redis.call('HDEL', rooms, room)
else
    redis.call('HSET', hash, 'v', version)
end
local list = #members == 0 and '[]' or cjson.encode(members) -- an empty table would become {}
local answer = '{"version":' .. version .. ',"members":' .. list .. '}'
redis.call('XADD', stream, 'MINID', '~', string.format('%.0f', now - keep), '*', 'room', room, 'status', answer)
return answer
