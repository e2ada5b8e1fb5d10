-- Puts an entry into a journal, also where Redis' memory is full: what is settled makes room, and must not be gone before what was told of it is here.
--
-- KEYS 1 journal   2 the domain's streams: where the journal begins now, that it is one of them was refused
-- ARGV 1 rendered stanzas   2 the journal's stream
-- Answers the entry's id. A second copy is a second entry, which goes with the same trim.
-- Where memory is full Redis refuses what takes some as the first that a script writes, and nothing behind that.
redis.call('XDEL', KEYS[1], '0-1')
redis.call('SADD', KEYS[2], ARGV[2])
return redis.call('XADD', KEYS[1], '*', 't', ARGV[1])
