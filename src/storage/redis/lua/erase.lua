-- Gives a lease back, if it is still the caller's. Where nothing waits for the account its fence is forgotten, and its outbox, which Redis keeps when it is empty, too: the next
-- fence begins with the time (acquire.lua), and so is greater, and so do the keys of what comes then.
--
-- KEYS 1 lease   2 fence   3 outbox stream
-- ARGV 1 the caller, as it stands in the lease
-- Answers how many keys went, or 0 where it was somebody else's.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if redis.call('XLEN', KEYS[3]) > 0 then return redis.call('DEL', KEYS[1]) end
return redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
