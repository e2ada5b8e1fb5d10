-- Accepts entries of one account: deduplicates, holds the cap, appends; all or nothing of each entry, in order.
--
-- KEYS 1 outbox stream   2 marks, young   3 marks, old   4 set of accounts that have entries
-- ARGV 1 account   2 entries allowed in the account   3 milliseconds a mark is remembered at least   4 marks a hash may hold
--      5 token of this very call   6 the newest entry that the caller knows ('' = none); then for each entry (at least one, at most some hundreds): mark ('' = none), body
-- Answers with the id of the newest entry that was there before ('-' = none), then for each entry: 'n<id>' accepted, 'a' accepted before and waiting,
-- 'a=<result>' accepted before and settled, 'f' full; as one string with a blank between where all were accepted, which is one value to read instead of
-- many, else as a list.
--
-- A mark's value is '<id> <token>', and '<id> <token> <result>' once settled. The token makes the script safe to send twice: where a reply was lost,
-- the second copy of the same append is answered like the first. Marks live in two hashes: the young one becomes the old one after the time
-- (or when it is full, which bounds the memory), so that each is remembered between once and twice that time.
local stream, young, old = KEYS[1], KEYS[2], KEYS[3]
local age, most = tonumber(ARGV[3]), tonumber(ARGV[4])

local left = redis.call('PTTL', young)
if left ~= -2 and (left < age or redis.call('HLEN', young) >= most) then
  redis.call('RENAME', young, old)
  left = -2
end

local fields = {}
for i = 7, #ARGV, 2 do
  local mark = ARGV[i]
  fields[#fields + 1] = mark == '' and 't' .. ARGV[5] .. '.' .. i or 'm' .. mark
end
local in_young = redis.call('HMGET', young, unpack(fields))
local in_old = redis.call('EXISTS', old) == 1 and redis.call('HMGET', old, unpack(fields)) or {}

-- Keys grow for whoever knows some, also where this Redis took the place of one whose clock was ahead and has not heard of the last of them: what stands behind what was
-- read would be taken for read.
local known = ARGV[6]
local function add(body)
  local id = redis.call('XADD', stream, '*', 'e', body)
  if known ~= '' and string.sub(id, 1, 13) <= string.sub(known, 1, 13) then
    local ms, seq = string.match(id, '(%d+)-(%d+)')
    local known_ms, known_seq = string.match(known, '(%d+)-(%d+)')
    if tonumber(ms) < tonumber(known_ms) or (ms == known_ms and tonumber(seq) <= tonumber(known_seq)) then
      redis.call('XDEL', stream, id)
      id = redis.call('XADD', stream, known_ms .. '-' .. string.format('%d', known_seq + 1), 'e', body)
    end
  end
  known = ''
  return id
end

local size = redis.call('XLEN', stream)
local free = tonumber(ARGV[2]) - size
local newest = size > 0 and redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1][1] or '-'
local answers, made, marks = { newest }, {}, {}
local all_new = true
for k, field in ipairs(fields) do
  local token = ARGV[5] .. '.' .. k
  local known = made[field] or in_young[k] or in_old[k]
  if known then
    local id, by, rest = string.match(known, '^(%S+) (%S+)(.*)$')
    if by == token then
      answers[k + 1] = 'n' .. id
    elseif rest == '' then
      answers[k + 1], all_new = 'a', false
    else
      answers[k + 1], all_new = 'a=' .. string.sub(rest, 2), false
    end
  elseif free <= 0 then
    answers[k + 1], all_new = 'f', false
  else
    local id = add(ARGV[6 + 2 * k])
    answers[k + 1] = 'n' .. id
    made[field] = id .. ' ' .. token
    marks[#marks + 1] = field
    marks[#marks + 1] = made[field]
    free = free - 1
  end
end

if #marks > 0 then
  redis.call('HSET', young, unpack(marks))
  if left == -2 then redis.call('PEXPIRE', young, 2 * age) end
  redis.call('SADD', KEYS[4], ARGV[1])
end
return all_new and table.concat(answers, ' ') or answers
