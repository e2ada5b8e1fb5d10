-- Writes another life of the holder into its lease (in a cluster only: leases.ts), or the same where the lease is not there: a Redis that has not heard the last of
-- what its master did. Not where that is somebody else's, or was since.
--
-- KEYS 1 lease   2 fence
-- ARGV 1 the holder, as it stands in the lease   2 as it shall stand there   3 its fence
-- Answers 1, or 0 where it was somebody else's. A second copy is answered like the first.
local lease = redis.call('GET', KEYS[1])
if lease == ARGV[2] then return 1 end
if lease and lease ~= ARGV[1] then return 0 end
local fence = tonumber(redis.call('GET', KEYS[2]) or '')
if not lease and (not fence or fence > tonumber(ARGV[3])) then return 0 end
-- Also where Redis' memory is full (record.lua).
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[2])
if not fence or fence < tonumber(ARGV[3]) then redis.call('SET', KEYS[2], ARGV[3]) end
return 1
