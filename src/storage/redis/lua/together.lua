-- Runs one script for many callers: the same as a command each, but Redis is asked, and answers, once. The script gets where its keys (k), and its arguments (a), begin
-- and how many arguments (n) it has: KEYS[k + 1]…, ARGV[a + 1] to ARGV[a + n]. What all of them share stands in front: KEYS[1]…, ARGV[4]….
--
-- KEYS those that are shared, then those of each caller, as many each
-- ARGV 1 how many keys are shared   2 how many each caller has   3 how many arguments are shared, then these; then for each caller (at least one): how many arguments, the
--      arguments
-- Answers what the script answers each, in order; an error in its place where it failed.
local KEYS, ARGV = KEYS, ARGV
local function one(k, a, n)
--[[ONE]]
end

local answers = {}
local each, key, arg, last = tonumber(ARGV[2]), tonumber(ARGV[1]), 3 + tonumber(ARGV[3]), #ARGV
while arg < last do
  local count = tonumber(ARGV[arg + 1])
  local ok, answer = pcall(one, key, arg + 1, count)
  if not ok and type(answer) ~= 'table' then answer = { err = 'ERR ' .. tostring(answer) } end
  answers[#answers + 1] = answer
  key, arg = key + each, arg + 1 + count
end
return answers
