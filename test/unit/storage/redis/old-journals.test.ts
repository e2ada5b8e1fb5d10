/** Journals of processes that are gone do not stay for ever, and nothing that is in one is forgotten. */
import { beforeAll, expect, test } from 'vitest';
import type { RedisLink } from '../../../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../../../src/storage/redis/journal.ts';
import { journalKey, journalsKey } from '../../../../src/storage/redis/keys.ts';
import { forgetOldJournals } from '../../../../src/storage/redis/old-journals.ts';
import { useRedisLink } from '../../../harness/redis-link.ts';

const used = useRedisLink();
let link: RedisLink;
beforeAll(() => {
  ({ link } = used());
});

test('who is gone and has said nothing for long is forgotten; what is in a journal, who lives and who spoke lately stays', async () => {
  const journal = createJournalStore(link);
  const domain = 'irc.test';
  for (const who of ['gone', 'full', 'living', 'lately']) {
    const id = await journal.append(`${domain}/${who}`, () => `<${who}/>`);
    if (who !== 'full') await journal.trim(`${domain}/${who}`, id ?? '');
  }
  // Listed, and gone before anything was put into it.
  await link.redis.sadd(journalsKey(domain), `${domain}/nothing`);
  const now = Number((await link.redis.time())[0]) * 1_000;
  await link.redis.xadd(journalKey(`${domain}/lately`), `${now + 3_600_000}-0`, 't', '<more/>');
  await link.redis.xtrim(journalKey(`${domain}/lately`), 'MAXLEN', 0);
  const forget = (before: number) => forgetOldJournals(link, domain, before, new Set(['living']));

  expect(await forget(now - 60_000)).toBe(0);
  expect(await forget(now + 60_000)).toBe(1);
  expect((await link.redis.smembers(journalsKey(domain))).sort()).toEqual(
    ['full', 'lately', 'living', 'nothing'].map((who) => `${domain}/${who}`),
  );
  expect(await link.redis.exists(journalKey(`${domain}/gone`))).toBe(0);
  expect((await journal.after(`${domain}/full`, undefined, 10)).map(({ text }) => text)).toEqual(['<full/>']);
});
