-- Puts texts into a process' mailbox, all or none; a second copy of a call that did so, since its answer was lost, puts nothing and is answered like the first.
--
-- KEYS 1 mailbox   2 processes that are known   3 the highest fence under which edges have handed on   4 the caller's last calls, by number
-- ARGV 1 the process   2 texts that a mailbox holds   3 the account that they are for ('' = none)
--      4 the entry behind which they belong ('' = whatever lies there)   5 the caller's fence ('' = it needs none)   6 the number of this very call
--      7 milliseconds for which calls are remembered, where all that the caller asked before is answered: it is forgotten ('' = some is not)   8… the texts
-- Answers 's' sent; else nothing is: 'g' there is no such process (any more), 'm' that entry is there no longer, 'f' the mailbox is full,
-- 'o' somebody has handed on under a higher fence: what the caller has is older, and comes too late.
if redis.call('ZADD', KEYS[4], 'NX', ARGV[6], ARGV[6]) == 0 then return 's' end
local function refused(why)
  redis.call('ZREM', KEYS[4], ARGV[6])
  return why
end
local fence, highest = tonumber(ARGV[5]), 0
if fence then
  highest = tonumber(redis.call('GET', KEYS[3]) or '0')
  if highest > fence then return refused('o') end
end
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 0 then return refused('g') end
if ARGV[4] ~= '' and #redis.call('XRANGE', KEYS[1], ARGV[4], ARGV[4]) == 0 then return refused('m') end
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[2]) then return refused('f') end
if fence and highest < fence then redis.call('SET', KEYS[3], ARGV[5]) end
for i = 8, #ARGV do redis.call('XADD', KEYS[1], '*', 't', ARGV[i], 'a', ARGV[3]) end
if ARGV[7] ~= '' then
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', '(' .. ARGV[6])
  redis.call('PEXPIRE', KEYS[4], ARGV[7])
end
return 's'
