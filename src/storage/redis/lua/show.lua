-- Puts up a process' sign of life, also where Redis' memory is full: else all would be taken for dead then, and nobody would read what makes room when it goes.
--
-- KEYS 1 sign of life   2 processes that are known
-- ARGV 1 the sign   2 for how many milliseconds   3 the process   4 what a sign says in whose place it may be put ('' = any)
-- Answers the sign that was up before, if one was. A second copy finds the first.
-- What takes no memory is written first (record.lua).
local before = redis.call('GET', KEYS[1])
if before and not string.find(before, ARGV[4], 1, true) then return before end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SADD', KEYS[2], ARGV[3])
return before
