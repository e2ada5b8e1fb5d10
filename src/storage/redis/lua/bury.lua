-- Forgets a process that shows no life, once nothing lies in its mailbox: from then on nothing can be put there.
--
-- KEYS 1 processes that are known   2 mailbox   3 sign of life
-- ARGV 1 the process
-- Answers 1 where it is known no longer, else 0.
if redis.call('EXISTS', KEYS[3]) == 1 or redis.call('XLEN', KEYS[2]) > 0 then return 0 end
redis.call('SREM', KEYS[1], ARGV[1])
return 1
