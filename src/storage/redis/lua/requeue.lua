-- Puts a dead letter behind everything that waits in its account's outbox.
--
-- KEYS 1 outbox stream   2 dead letters' stream   3 set of accounts that have entries
-- ARGV 1 account   2 the dead letter's id   3 the entry that it becomes
-- Answers 1, or 0 where there is no such dead letter. A second copy changes nothing.
if redis.call('XDEL', KEYS[2], ARGV[2]) == 0 then return 0 end
redis.call('XADD', KEYS[1], '*', 'e', ARGV[3])
redis.call('SADD', KEYS[3], ARGV[1])
return 1
