-- Writes another life of the holder into its lease, if that is still the holder's. In a cluster only (leases.ts).
--
-- KEYS 1 lease
-- ARGV 1 the holder, as it stands in the lease   2 as it shall stand there
-- Answers 1, or 0 where it was somebody else's. A second copy is answered like the first.
local lease = redis.call('GET', KEYS[1])
if lease == ARGV[2] then return 1 end
if lease ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
