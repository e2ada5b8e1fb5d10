-- Forgets a journal in which nothing is, and to which nothing has been written for long.
--
-- KEYS 1 journal   2 the domain's set of journals
-- ARGV 1 its name   2 epoch milliseconds: written to since then, it stays
-- Answers 1 where it is forgotten, else 0.
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('XLEN', KEYS[1]) > 0 then return 0 end
local facts = redis.call('XINFO', 'STREAM', KEYS[1])
for i = 1, #facts, 2 do
  if facts[i] == 'last-generated-id' and tonumber(string.match(facts[i + 1], '^%d+')) >= tonumber(ARGV[2]) then return 0 end
end
redis.call('DEL', KEYS[1])
redis.call('SREM', KEYS[2], ARGV[1])
return 1
