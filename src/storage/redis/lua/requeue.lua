-- Puts a dead letter behind everything that waits in its account's outbox.
--
-- KEYS 1 outbox stream   2 dead letters' stream   3 set of accounts that have entries   4 marks, young   5 marks, old
-- ARGV 1 account   2 the dead letter's id   3 the entry that it becomes   4 token of this very call   5 milliseconds a mark is remembered at least
-- Answers 1, or 0 where there is no such dead letter. A second copy changes nothing and is answered like the first: its token is among the marks (append.lua).
local field = 't' .. ARGV[4]
if redis.call('XDEL', KEYS[2], ARGV[2]) == 0 then
  return math.max(redis.call('HEXISTS', KEYS[4], field), redis.call('HEXISTS', KEYS[5], field))
end
local id = redis.call('XADD', KEYS[1], '*', 'e', ARGV[3])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('HSET', KEYS[4], field, id .. ' ' .. ARGV[4])
if redis.call('PTTL', KEYS[4]) == -1 then redis.call('PEXPIRE', KEYS[4], 2 * ARGV[5]) end
return 1
