-- One change to who is in a room, and its broadcasts, in one step: the versions of broadcasts follow the order of the changes.
--
-- KEYS: the room's hash, the index of rooms, the broadcast stream
-- ARGV: operation, room, user, how long broadcasts are kept (milliseconds), and what the operation needs
-- Answer: 'late' (a later connection has spoken), 'gone' (there is nothing to change), 'void' (claim again), 'done', or the room's status in JSON when it was broadcast
--
-- Hash: m:{user} -> role, s:{user} -> seconds,status,generation and n:{user} -> display name, of a member;
--       u:{user} -> seconds,step,generation of a user of whom the room's log may not yet say what presence says; v -> version.
local hash, rooms, stream = KEYS[1], KEYS[2], KEYS[3]
local op, room, user, keep = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local m, s, u, n = 'm:' .. user, 's:' .. user, 'u:' .. user, 'n:' .. user
local clock = redis.call('TIME')
local known = redis.call('HMGET', hash, m, s, u)
local role, standing, unsettled = known[1], known[2], known[3]

local function generationOf(text)
    return text and tonumber(text:match(',(%d+)$')) or -1
end

local highest = math.max(generationOf(standing), generationOf(unsettled))

-- Marks what the controller looks after when nobody ends it. Its generation is remembered at least as long.
local function unsettle(step, generation)
    redis.call('HSET', hash, u, clock[1] .. ',' .. step .. ',' .. generation)
    redis.call('HSETNX', rooms, room, clock[1])
end

local function append(field, json)
    local oldest = clock[1] * 1000 + math.floor(clock[2] / 1000) - keep
    redis.call('XADD', stream, 'MINID', '~', string.format('%.0f', oldest), '*', 'room', room, field, json)
end

local function broadcast()
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

    -- From the clock, so that it also grows over a room that was empty for a while.
    local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
    local version = string.format('%.0f', math.max(tonumber(by['v'] or '0') + 1, now))
    redis.call('HSET', hash, 'v', version)
    local list = #members == 0 and '[]' or cjson.encode(members) -- an empty table would become {}
    local status = '{"version":' .. version .. ',"members":' .. list .. '}'
    append('status', status)
    return status
end

local function takeOut()
    redis.call('HDEL', hash, m, s, n)
    return broadcast()
end

local operations = {}

-- A connection means to join: what earlier ones still say is late from now on.
function operations.claim(generation)
    if tonumber(generation) < highest then
        return 'late'
    end
    unsettle('joining', generation)
    return 'done'
end

-- The log has let it in. Without its claim it has left meanwhile.
function operations.put(generation, role, status, name)
    if tonumber(generation) < highest then
        return 'late'
    end
    local claimed = generationOf(unsettled) == tonumber(generation) and unsettled:find(',joining,', 1, true)
    if not claimed and generationOf(standing) ~= tonumber(generation) then
        return unsettled and unsettled:find(',void,', 1, true) and 'void' or 'gone'
    end
    redis.call('HSET', hash, m, role, s, clock[1] .. ',' .. status .. ',' .. generation)
    if name == '' then
        redis.call('HSETNX', hash, n, user:sub(1, 8))
    else
        redis.call('HSET', hash, n, name)
    end
    unsettle('joined', generation)
    return broadcast()
end

function operations.renew(generation, now, status)
    if tonumber(generation) < highest then
        return 'late'
    end
    if not role then
        return 'gone'
    end
    redis.call('HSET', hash, m, now, s, clock[1] .. ',' .. status .. ',' .. generation)
    return role == now and standing:match('^%d+,(%a+),') == status and 'done' or broadcast()
end

function operations.leave(generation)
    if tonumber(generation) < highest then
        return 'late'
    end
    unsettle('left', generation)
    return role and takeOut() or 'done'
end

-- For whoever decided on what it has seen: nothing happens when that is not so any more.
function operations.drop(seen, eviction)
    if standing ~= seen then
        return 'gone'
    end
    unsettle('dropped', string.format('%.0f', highest))
    if eviction ~= '' then
        append('evict', eviction)
    end
    return takeOut()
end

-- The log is about to change: whatever becomes of this process, presence follows. A claim from before is void.
function operations.unsettle()
    if highest >= 0 then
        unsettle('void', string.format('%.0f', highest))
    end
    return 'done'
end

-- The log was told that somebody has left, perhaps after it was told that a claimant has joined.
function operations.void()
    if unsettled and unsettled:find(',joining,', 1, true) then
        unsettle('void', string.format('%.0f', highest))
    end
    return 'done'
end

-- Log and presence agree on what was seen; who is not there is forgotten with it.
function operations.settled(seen)
    if unsettled == seen then
        redis.call('HDEL', hash, u)
        if redis.call('HLEN', hash) - redis.call('HEXISTS', hash, 'v') == 0 then
            redis.call('DEL', hash)
            redis.call('HDEL', rooms, room)
        end
    end
    return 'done'
end

return operations[op](unpack(ARGV, 5))
