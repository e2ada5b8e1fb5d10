-- Moves what still lies in a mailbox into others, at one moment: whoever else does the same with some of it finds it there or here, never in both.
--
-- KEYS 1 mailbox   2 processes that are known   3… the mailboxes it goes to
-- ARGV five for each, in order: its entry   where it goes, among KEYS ('' = nowhere)   the process of that mailbox   the account   the text
-- Answers how many were moved. What would go to a process that is not known stays.
local moved = 0
for i = 1, #ARGV, 5 do
  local entry, to, worker = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local isKnown = to == '' or redis.call('SISMEMBER', KEYS[2], worker) == 1
  if isKnown and redis.call('XDEL', KEYS[1], entry) == 1 then
    if to ~= '' then redis.call('XADD', KEYS[tonumber(to)], '*', 't', ARGV[i + 4], 'a', ARGV[i + 3]) end
    moved = moved + 1
  end
end
return moved
