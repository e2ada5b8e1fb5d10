-- Which accounts' texts lie in which mailboxes, at one moment.
--
-- KEYS 1 processes that are known
-- ARGV 1, 2 what stands before and behind a process' name in its mailbox's key   3 what stands before it in its sign of life's
-- Answers for each process: its name, '1' where it shows life, then each account and the newest entry for it.
local sights = {}
for _, worker in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local sight = { worker, tostring(redis.call('EXISTS', ARGV[3] .. worker)) }
  local newest, order = {}, {}
  for _, entry in ipairs(redis.call('XRANGE', ARGV[1] .. worker .. ARGV[2], '-', '+')) do
    local account = entry[2][4]
    if account and account ~= '' then
      if not newest[account] then order[#order + 1] = account end
      newest[account] = entry[1]
    end
  end
  for _, account in ipairs(order) do
    sight[#sight + 1] = account
    sight[#sight + 1] = newest[account]
  end
  sights[#sights + 1] = sight
end
return sights
