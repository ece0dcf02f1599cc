-- Takes a user's place in a room for one connection, in one step. An earlier holder gives way when it is the same client's, or when its gateway is gone; it is told so.
--
-- KEYS: the lock, the broadcast stream
-- ARGV: holder (gateway:client.number), its client, room, user, time to live (ms), how long broadcasts are kept (ms), prefix of the gateways' signs of life
-- Answer: the generation, which is the time in microseconds and so grows with each holder; nothing when somebody else holds the place; '-' when it is only being cleared up.
local lock, stream = KEYS[1], KEYS[2]
local holder, client, room, user, ttl, keep, alive = unpack(ARGV)
local clock = redis.call('TIME')

local held = redis.call('GET', lock)
if held and held ~= holder then
    local gateway, theirs = held:match('^([^:]*):([^.]*)%.')
    if theirs == '-' then
        return '-'
    end
    if theirs ~= client and redis.call('EXISTS', alive .. gateway) == 1 then
        return false
    end
    local oldest = string.format('%.0f', clock[1] * 1000 + math.floor(clock[2] / 1000) - keep)
    redis.call('XADD', stream, 'MINID', '~', oldest, '*', 'room', room, 'evict', cjson.encode({ user = user, reason = 'taken_over', holder = held }))
end
redis.call('SET', lock, holder, 'PX', ttl)
return string.format('%.0f', clock[1] * 1000000 + clock[2])
