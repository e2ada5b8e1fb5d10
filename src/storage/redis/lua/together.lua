-- Runs one script for many callers: the same as a command each, but Redis is asked, and answers, once.
--
-- KEYS the keys of all, one after the other
-- ARGV for each caller (at least one): how many keys, how many arguments, then the arguments
-- Answers what the script answers each, in order; an error in its place where it failed.
local function one(KEYS, ARGV)
--[[ONE]]
end

local answers = {}
local key, arg = 0, 0
while arg < #ARGV do
  local keys, args = {}, {}
  for i = 1, tonumber(ARGV[arg + 1]) do keys[i] = KEYS[key + i] end
  local count = tonumber(ARGV[arg + 2])
  for i = 1, count do args[i] = ARGV[arg + 2 + i] end
  key, arg = key + #keys, arg + 2 + count
  local ok, answer = pcall(one, keys, args)
  if not ok and type(answer) ~= 'table' then answer = { err = 'ERR ' .. tostring(answer) } end
  answers[#answers + 1] = answer
end
return answers
