-- Gives a lease back, if it is still the caller's, and forgets its fence: the next begins with the time (acquire.lua), and so is greater.
--
-- KEYS 1 lease   2 fence
-- ARGV 1 the caller, as it stands in the lease
-- Answers how many keys went, or 0 where it was somebody else's.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1], KEYS[2])
