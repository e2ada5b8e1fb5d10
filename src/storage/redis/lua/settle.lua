-- Settles entries of one account: they leave the outbox, their marks learn the result, the undeliverable become dead letters. For many accounts at a time (together.lua).
--
-- KEYS 1 set of accounts that have entries; of each account: k + 1 outbox stream   k + 2 fence   k + 3 marks, young   k + 4 marks, old   k + 5 dead letters' stream
-- ARGV 4 epoch milliseconds before which dead letters are forgotten   5 dead letters kept at most   6 milliseconds after which an untouched dead letters' stream is forgotten;
--      of each account: a + 1 account   a + 2 the caller's fence; then for each entry (at least one, at most some hundreds): id, 'm<mark>' ('' = none),
--      ' <result>' or '' (the mark is forgotten), ' <reason>' or '' (no dead letter)
-- Answers 'ok', or how many dead letters were forgotten for these ones' sake or for their age, or 'stale' (and changes nothing) where the fence has grown.
-- Safe to send twice. It makes room, and so is not refused where Redis' memory is full (record.lua).
local call = redis.call
local stream, dead = KEYS[k + 1], KEYS[k + 5]
if tonumber(call('GET', KEYS[k + 2]) or '0') > tonumber(ARGV[a + 2]) then return 'stale' end

local ids, fields, whose, letters = {}, {}, {}, {}
for i = a + 3, a + n, 4 do
  ids[#ids + 1] = ARGV[i]
  if ARGV[i + 1] ~= '' then
    fields[#fields + 1] = ARGV[i + 1]
    whose[#whose + 1] = i
  end
  if ARGV[i + 3] ~= '' then
    local entry = call('XRANGE', stream, ARGV[i], ARGV[i])[1]
    if entry then letters[#letters + 1] = { entry[2][2], string.sub(ARGV[i + 3], 2) } end
  end
end
-- What takes no memory is written first.
call('XDEL', stream, unpack(ids))

-- A mark is in one of the two, and touched only while it is of this very entry: it may have been forgotten and given again.
for at_hash = k + 3, k + 4 do
  if #fields == 0 then break end
  local hash = KEYS[at_hash]
  local known = call('HMGET', hash, unpack(fields))
  local set, del, missing, missed = {}, {}, {}, {}
  for at, i in ipairs(whose) do
    if not known[at] then
      missing[#missing + 1] = fields[at]
      missed[#missed + 1] = i
    else
      local id, token = string.match(known[at], '^(%S+) (%S+)')
      if id == ARGV[i] and ARGV[i + 2] == '' then
        del[#del + 1] = fields[at]
      elseif id == ARGV[i] then
        set[#set + 1] = fields[at]
        set[#set + 1] = id .. ' ' .. token .. ARGV[i + 2]
      end
    end
  end
  if #set > 0 then call('HSET', hash, unpack(set)) end
  if #del > 0 then call('HDEL', hash, unpack(del)) end
  fields, whose = missing, missed
end

local forgotten = 0
for _, letter in ipairs(letters) do call('XADD', dead, '*', 'e', letter[1], 'r', letter[2]) end
if #letters > 0 then
  forgotten = call('XTRIM', dead, 'MINID', ARGV[4]) + call('XTRIM', dead, 'MAXLEN', ARGV[5])
  call('PEXPIRE', dead, ARGV[6])
end
if call('XLEN', stream) == 0 then call('SREM', KEYS[1], ARGV[a + 1]) end
if forgotten > 0 then return forgotten end
return 'ok'
