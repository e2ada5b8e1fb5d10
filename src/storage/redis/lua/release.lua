-- Gives a lease back, if it is still the caller's. The fence stays.
--
-- KEYS 1 lease
-- ARGV 1 the caller, as it stands in the lease
-- Answers 1, or 0 where it was somebody else's.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
