-- Settles entries of one account: they leave the outbox, their marks learn the result, the undeliverable become dead letters.
--
-- KEYS 1 outbox stream   2 fence   3 marks, young   4 marks, old   5 dead letters' stream   6 set of accounts that have entries
-- ARGV 1 account   2 the caller's fence   3 epoch milliseconds before which dead letters are forgotten   4 dead letters kept at most
--      5 milliseconds after which an untouched dead letters' stream is forgotten
--      then for each entry (at least one, at most some hundreds): id, mark ('' = none), '+<result>' or '' (the mark is forgotten),
--      '+<reason>' or '' (no dead letter)
-- Answers 'ok', or how many dead letters were forgotten for these ones' sake or for their age, or 'stale' (and changes nothing) where the fence has grown.
-- Safe to send twice. It makes room, and so is not refused where Redis' memory is full (record.lua).
local stream, dead = KEYS[1], KEYS[5]
if tonumber(redis.call('GET', KEYS[2]) or '0') > tonumber(ARGV[2]) then return 'stale' end
redis.call('XDEL', stream, '0-1')

local ids, fields, whose = {}, {}, {}
local buried, forgotten = false, 0
for i = 6, #ARGV, 4 do
  ids[#ids + 1] = ARGV[i]
  if ARGV[i + 1] ~= '' then
    fields[#fields + 1] = 'm' .. ARGV[i + 1]
    whose[#whose + 1] = i
  end
  if ARGV[i + 3] ~= '' then
    local entry = redis.call('XRANGE', stream, ARGV[i], ARGV[i])[1]
    if entry then
      redis.call('XADD', dead, '*', 'e', entry[2][2], 'r', string.sub(ARGV[i + 3], 2))
      buried = true
    end
  end
end

-- A mark is touched only while it is of this very entry: it may have been forgotten and given again.
local function tell(hash)
  if #fields == 0 or redis.call('EXISTS', hash) == 0 then return end
  local known = redis.call('HMGET', hash, unpack(fields))
  local set, del = {}, {}
  for k, i in ipairs(whose) do
    local id, token = string.match(known[k] or '', '^(%S+) (%S+)')
    if id == ARGV[i] and ARGV[i + 2] == '' then
      del[#del + 1] = fields[k]
    elseif id == ARGV[i] then
      set[#set + 1] = fields[k]
      set[#set + 1] = id .. ' ' .. token .. ' ' .. string.sub(ARGV[i + 2], 2)
    end
  end
  if #set > 0 then redis.call('HSET', hash, unpack(set)) end
  if #del > 0 then redis.call('HDEL', hash, unpack(del)) end
end
tell(KEYS[3])
tell(KEYS[4])

redis.call('XDEL', stream, unpack(ids))
if buried then
  forgotten = redis.call('XTRIM', dead, 'MINID', ARGV[3]) + redis.call('XTRIM', dead, 'MAXLEN', ARGV[4])
  redis.call('PEXPIRE', dead, ARGV[5])
end
if redis.call('XLEN', stream) == 0 then redis.call('SREM', KEYS[6], ARGV[1]) end
if forgotten > 0 then return forgotten end
return 'ok'
