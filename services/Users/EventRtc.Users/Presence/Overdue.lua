-- Users of several rooms of whom nothing was heard, or who were not settled, for long.
--
-- KEYS: the rooms' hashes, see Presence.lua
-- ARGV: a time in seconds
-- Answer: of each field s: and u: that is older, the place of its hash among the keys, its name and its value
local since, older = tonumber(ARGV[1]), {}
for place, key in ipairs(KEYS) do
    local fields = redis.call('HGETALL', key)
    for i = 1, #fields, 2 do
        local kind = string.sub(fields[i], 1, 2)
        if (kind == 's:' or kind == 'u:') and tonumber(string.match(fields[i + 1], '^%d+')) < since then
            table.insert(older, place)
            table.insert(older, fields[i])
            table.insert(older, fields[i + 1])
        end
    end
end
return older
