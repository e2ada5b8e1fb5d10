-- Which accounts' texts lie in which mailboxes, at one moment.
--
-- KEYS 1 processes that are known
-- ARGV 1, 2 what stands before and behind a process' name in its mailbox's key   3 what stands before it in its sign of life's
--      4 the process whose mailbox is not looked into ('' = none)
-- Answers for each process: its name, '1' where it shows life, then each account and the newest entry for it.
-- A mailbox may be full: what is read of it at once stays small, which takes less time than all of it does, and no memory.
local some = 100
local sights = {}
for _, worker in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local sight = { worker, tostring(redis.call('EXISTS', ARGV[3] .. worker)) }
  local newest, order = {}, {}
  local from = worker ~= ARGV[4] and '-' or nil
  while from do
    local entries = redis.call('XRANGE', ARGV[1] .. worker .. ARGV[2], from, '+', 'COUNT', some)
    for _, entry in ipairs(entries) do
      local account = entry[2][4]
      if account and account ~= '' then
        if not newest[account] then order[#order + 1] = account end
        newest[account] = entry[1]
      end
    end
    from = #entries == some and '(' .. entries[some][1] or nil
  end
  for _, account in ipairs(order) do
    sight[#sight + 1] = account
    sight[#sight + 1] = newest[account]
  end
  sights[#sights + 1] = sight
end
return sights
