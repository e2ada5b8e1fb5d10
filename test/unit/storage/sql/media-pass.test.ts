/** What lies behind a full archive is found without everybody waiting for it. */
import { expect, test } from 'vitest';
import { accountId, chatId, messageId } from '../../../../src/core/ids.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { createMediaStore } from '../../../../src/storage/sql/media-store.ts';

const [account, chat] = [accountId('romeo@example.org/irc.example.org'), chatId('#garden')];
const [messages, files] = [40_000, 100];

const busyMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

test('a hundred files behind forty thousand messages take no statement that holds up everybody', async () => {
  const database = await openDatabase(':memory:');
  const [archive, store] = [createArchive(database), createMediaStore(database)];
  await archive.add(
    Array.from({ length: messages }, (_, n) => ({
      ...{ account, chat, nick: 'juliet', at: 10_000 + n },
      id: `id-${String(n).padStart(6, '0')}`,
      body: `<body>${'But soft, what light through yonder window breaks? '.repeat(3)}</body>`,
    })),
  );
  await store.add(
    Array.from({ length: files }, (_, n) => ({
      ...{
        account,
        chat,
        domain: 'irc.example.org',
        at: n,
        name: 'moon.png',
        source: 'https://far.test/',
        until: 1e15,
      },
      ...{ id: String(n).padStart(24, 'm'), message: messageId(`${n}`) },
    })),
  );
  let [longest, before] = [0, busyMs()];
  const breathe = async (): Promise<void> => {
    const now = busyMs();
    longest = Math.max(longest, now - before);
    before = now;
  };
  expect(await store.pass(messages, breathe)).toBe(files);
  expect(longest).toBeLessThan(400);
  await database.close();
});
