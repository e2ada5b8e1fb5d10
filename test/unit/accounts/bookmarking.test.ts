/** Rooms of one's own that come into bookmarks: each is asked for once, and so many. */
import { expect, test } from 'vitest';
import { createBookmarking } from '../../../src/accounts/bookmarking.ts';
import { createWishes } from '../../../src/accounts/wishes.ts';
import { type ChatId, chatId } from '../../../src/core/ids.ts';
import { noSettings } from '../../../src/core/settings.ts';
import type { BookmarkRow } from '../../../src/storage/ports.ts';
import { createTestWorld, mantua, romeo, verona } from './account-world.ts';

const row = { id: romeo, domain: 'net.test', owner: 'romeo@test' };

async function setUp(kept: readonly BookmarkRow[] = []) {
  const { world, clock } = createTestWorld();
  const asked: string[] = [];
  const invited: ChatId[] = [];
  const state = { how: 'added' as 'added' | 'there' | undefined, inside: [] as readonly string[] };
  const bookmarking = createBookmarking(
    row,
    {
      apply(event) {
        if (event.kind === 'invited') invited.push(event.chat);
        return { stanzas: [], archive: [] };
      },
      clients: () => state.inside,
      ownNick: () => 'romeo',
    },
    {
      ...world,
      wishes: createWishes(undefined, noSettings),
      store: { ...world.store, bookmarks: async () => kept },
      bookmarks: {
        ...world.bookmarks,
        may: () => true,
        async add(_, { jid }) {
          asked.push(jid);
          return state.how;
        },
      },
    },
    {
      addresses: {
        parse: () => undefined,
        format: ({ is, ...more }) => (is === 'room' && 'id' in more ? `${more.id}` : ''),
        title: () => 'A room',
      },
      deliver: () => undefined,
      signal: new AbortController().signal,
    },
  );
  await bookmarking.load();
  return {
    ...{ asked, invited, state },
    async isPlaced(chat: ChatId) {
      const isTaken = bookmarking.takes({ kind: 'invited', at: new Date(0), chat, by: '', isOwn: true });
      await clock.advance(0);
      return isTaken;
    },
  };
}

test.each(['added', 'there'] as const)('what is %s is not asked for again', async (how) => {
  const { state, asked, invited, isPlaced } = await setUp();
  state.how = how;
  for (let times = 0; times < 2; times++) expect(await isPlaced(mantua)).toBe(true);
  expect([asked, invited]).toEqual([['#mantua@net.test'], []]);
});

test('nobody is asked, nor invited, for a room in which its owner is', async () => {
  const { state, asked, invited, isPlaced } = await setUp();
  state.inside = ['romeo@test/desk'];
  expect(await isPlaced(mantua)).toBe(true);
  expect([asked, invited]).toEqual([[], []]);
});

test('to more than five hundred they are invited', async () => {
  const kept = Array.from({ length: 500 }, (_, n) => {
    return { account: romeo, chat: chatId(`#r${n}`), jid: `#r${n}@net.test`, name: 'x' };
  });
  const { asked, invited, isPlaced } = await setUp(kept);
  expect(await isPlaced(verona)).toBe(true);
  expect([asked, invited]).toEqual([[], [verona]]);
});
