-- Accepts entries of one account: deduplicates, holds the cap, appends; all or nothing of each entry, in order. For many accounts at a time (together.lua).
--
-- KEYS 1 set of accounts that have entries; of each account: k + 1 outbox stream   k + 2 marks, young   k + 3 marks, old
-- ARGV 4 entries allowed in an account   5 milliseconds a mark is remembered at least   6 marks a hash may hold; of each account: a + 1 account
--      a + 2 token of this very call   a + 3 the newest entry that the caller knows ('' = none); then for each entry (at least one, at most some hundreds):
--      'm<mark>' ('' = none), body
-- Answers with the id of the newest entry that was there before ('-' = none), then for each entry: 'n<id>' accepted, 'a' accepted before and waiting,
-- 'a=<result>' accepted before and settled, 'f' full; as one string with a blank between where all were accepted, which is one value to read instead of
-- many, else as a list.
--
-- A mark's value is '<id> <token>', and '<id> <token> <result>' once settled. The token makes the script safe to send twice: where a reply was lost,
-- the second copy of the same append is answered like the first. Marks live in two hashes: the young one becomes the old one after the time
-- (or when it is full, which bounds the memory), so that each is remembered between once and twice that time.
local call = redis.call
local stream, young, old = KEYS[k + 1], KEYS[k + 2], KEYS[k + 3]
local token = ARGV[a + 2]
local age, most = tonumber(ARGV[5]), tonumber(ARGV[6])

local left = call('PTTL', young)
if left ~= -2 and (left < age or call('HLEN', young) >= most) then
  call('RENAME', young, old)
  left = -2
end

local fields = {}
for i = a + 4, a + n, 2 do
  local mark = ARGV[i]
  local at = #fields + 1
  fields[at] = mark == '' and 't' .. token .. '.' .. at or mark
end
local in_young = left ~= -2 and call('HMGET', young, unpack(fields)) or {}
local in_old = call('EXISTS', old) == 1 and call('HMGET', old, unpack(fields)) or {}

-- Keys grow for whoever knows some, also where this Redis took the place of one whose clock was ahead and has not heard of the last of them: what stands behind what was
-- read would be taken for read.
local known = ARGV[a + 3]
local function add(body)
  local id = call('XADD', stream, '*', 'e', body)
  if known ~= '' and string.sub(id, 1, 13) <= string.sub(known, 1, 13) then
    local ms, seq = string.match(id, '(%d+)-(%d+)')
    local known_ms, known_seq = string.match(known, '(%d+)-(%d+)')
    if tonumber(ms) < tonumber(known_ms) or (ms == known_ms and tonumber(seq) <= tonumber(known_seq)) then
      call('XDEL', stream, id)
      id = call('XADD', stream, known_ms .. '-' .. string.format('%d', known_seq + 1), 'e', body)
    end
  end
  known = ''
  return id
end

local size = call('XLEN', stream)
local free = tonumber(ARGV[4]) - size
local newest = size > 0 and call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1][1] or '-'
local answers, made, marks = { newest }, {}, {}
local all_new = true
for at, field in ipairs(fields) do
  local mine = token .. '.' .. at
  local mark = made[field] or in_young[at] or in_old[at]
  if mark then
    local id, by, rest = string.match(mark, '^(%S+) (%S+)(.*)$')
    if by == mine then
      answers[at + 1] = 'n' .. id
    elseif rest == '' then
      answers[at + 1], all_new = 'a', false
    else
      answers[at + 1], all_new = 'a=' .. string.sub(rest, 2), false
    end
  elseif free <= 0 then
    answers[at + 1], all_new = 'f', false
  else
    local id = add(ARGV[a + 3 + 2 * at])
    answers[at + 1] = 'n' .. id
    made[field] = id .. ' ' .. mine
    marks[#marks + 1] = field
    marks[#marks + 1] = made[field]
    free = free - 1
  end
end

if #marks > 0 then
  call('HSET', young, unpack(marks))
  if left == -2 then call('PEXPIRE', young, 2 * age) end
  if size == 0 then call('SADD', KEYS[1], ARGV[a + 1]) end
end
return all_new and table.concat(answers, ' ') or answers
