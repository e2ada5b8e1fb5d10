-- Puts an entry into a journal, where that was done before and its answer lost: once, also where it was read and trimmed meanwhile. Nobody else writes to the journal.
--
-- KEYS 1 journal
-- ARGV 1 the last entry that its writer knows of   2 rendered stanzas
-- Answers the entry's id, whichever time it came there.
local function read(id)
  local ms, seq = string.match(id, '(%d+)-(%d+)')
  return tonumber(ms), tonumber(seq)
end

if redis.call('EXISTS', KEYS[1]) == 1 then
  local facts = redis.call('XINFO', 'STREAM', KEYS[1])
  for i = 1, #facts, 2 do
    if facts[i] == 'last-generated-id' then
      local ms, seq = read(facts[i + 1])
      local known_ms, known_seq = read(ARGV[1])
      if ms > known_ms or (ms == known_ms and seq > known_seq) then return facts[i + 1] end
    end
  end
end
-- Also where Redis' memory is full (record.lua).
redis.call('XDEL', KEYS[1], '0-1')
return redis.call('XADD', KEYS[1], '*', 't', ARGV[2])
