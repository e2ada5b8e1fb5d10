-- Takes the lease of an account, where nobody has it or whoever had it is dead.
--
-- KEYS 1 lease   2 fence   3 sign of life of the holder that the caller saw (its own, where it saw none); absent in a cluster, which has it in another place:
--      there the caller has looked, and the lease is another one by now if the holder has come to itself since (leases.ts)
-- ARGV 1 the lease as the caller saw it ('' = none)   2 the caller, as it will stand in the lease: '<worker> <life>'
--      3 the life of the holder seen
-- Answers the new fence, or 0: somebody else has it. A second copy of the call that took it is answered like the first.
local lease = redis.call('GET', KEYS[1]) or ''
if lease == ARGV[2] then return tonumber(redis.call('GET', KEYS[2])) end
if lease ~= ARGV[1] then return 0 end
if lease ~= '' and KEYS[3] and redis.call('GET', KEYS[3]) == ARGV[3] then return 0 end
-- Also where Redis' memory is full (record.lua): what waits for the account, or for whoever holds the streams, makes room when it goes.
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[2])
-- Above the one before, and above all that are forgotten, or that this Redis has not heard of whose master died: they are fewer than milliseconds have gone by.
local now = redis.call('TIME')
local fence = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, now[1] * 1000 + math.floor(now[2] / 1000))
redis.call('SET', KEYS[2], string.format('%.0f', fence))
return fence
