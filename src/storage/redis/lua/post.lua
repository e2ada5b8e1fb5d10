-- Puts texts into mailboxes of processes, for many callers: the texts of each all or none. A second copy of the same call, since its answer was lost, puts nothing and is answered
-- like the first.
--
-- KEYS 1 processes that are known   2 the highest fence under which edges have handed on   3 the last calls of this process   4… mailboxes
-- ARGV 1 the number of this call, which grows   2 '1' where all before it are answered, which are forgotten then, else ''   3 milliseconds for which it is remembered
--      4 texts that a mailbox holds; then for each caller (at least one): the mailbox, among KEYS   its process   the account that they are for ('' = none)
--      the entry behind which they belong ('' = whatever lies there)   the caller's fence ('' = it needs none)   how many texts, the texts
-- Answers a letter each: 's' sent; else nothing is: 'g' there is no such process (any more), 'm' that entry is there no longer, 'f' the mailbox is full,
-- 'o' somebody has handed on under a higher fence: what the caller has is older, and comes too late.
local last = redis.call('GET', KEYS[3]) or ''
local before = string.match(last, ' ' .. ARGV[1] .. ':(%a+)')
if before then return before end

local function put(mailbox, at, texts)
  local process, account, behind, fence = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4])
  local highest = 0
  if fence then
    highest = tonumber(redis.call('GET', KEYS[2]) or '0')
    if highest > fence then return 'o' end
  end
  if redis.call('SISMEMBER', KEYS[1], process) == 0 then return 'g' end
  if behind ~= '' and #redis.call('XRANGE', mailbox, behind, behind) == 0 then return 'm' end
  if redis.call('XLEN', mailbox) >= tonumber(ARGV[4]) then return 'f' end
  if fence and highest < fence then redis.call('SET', KEYS[2], ARGV[at + 4]) end
  for i = at + 6, at + 5 + texts do redis.call('XADD', mailbox, '*', 't', ARGV[i], 'a', account) end
  return 's'
end

local answers = {}
local at = 5
while at < #ARGV do
  local texts = tonumber(ARGV[at + 5])
  answers[#answers + 1] = put(KEYS[tonumber(ARGV[at])], at, texts)
  at = at + 6 + texts
end
local answer = table.concat(answers)
redis.call('SET', KEYS[3], (ARGV[2] == '1' and '' or last) .. ' ' .. ARGV[1] .. ':' .. answer, 'PX', ARGV[3])
return answer
