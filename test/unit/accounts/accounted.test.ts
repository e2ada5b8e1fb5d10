/** What the archive has of other intents is accounted for; what it has of the same one is not, nor what an older stanza of that id became. */
import { expect, test } from 'vitest';
import { accountedFor } from '../../../src/accounts/accounted.ts';
import { accountId, chatId, type MessageRef, messageId } from '../../../src/core/ids.ts';
import { createArchive } from '../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';

const account = accountId('romeo on net');
const chat = chatId('#verona');
const ref = (id: string): MessageRef => ({ id: messageId(id), part: 0 });

test.each([
  ['the same', 1_000_000, [true, false, false]],
  ['a later one that has its id', 2_000_000, [true, true, false]],
])('%s', async (_, at, expected) => {
  const archive = createArchive(await openDatabase(':memory:'));
  const row = (id: string, stanza: string) =>
    ({ account, chat, id, at: 1_000_000, nick: 'romeo', stanza, refs: [ref(id)], body: '<body>ok</body>' }) as const;
  await archive.add([row('a', 'm1'), row('b', 'm2')]);
  const isKnown = accountedFor(archive, account, chat, { stanzaId: 'm2', at });
  expect(await isKnown([ref('a'), ref('b'), ref('c')])).toEqual(expected);
});

test('an intent without a name, and nothing to ask about', async () => {
  const archive = createArchive(await openDatabase(':memory:'));
  expect(await accountedFor(archive, account, chat, { at: 0 })([ref('a')])).toEqual([false]);
});
