-- Puts a dead letter behind everything that waits in its account's outbox.
--
-- KEYS 1 outbox stream   2 dead letters' stream   3 set of accounts that have entries
-- ARGV 1 account   2 the dead letter's id
-- Answers 1, or 0 where there is no such dead letter. A second copy changes nothing.
local letter = redis.call('XRANGE', KEYS[2], ARGV[2], ARGV[2])[1]
if not letter then return 0 end
redis.call('XADD', KEYS[1], '*', 'e', letter[2][2])
redis.call('XDEL', KEYS[2], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[1])
return 1
