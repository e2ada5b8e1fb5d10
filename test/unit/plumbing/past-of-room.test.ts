/** What a room said while its MUC could not be told: read from the archive, none of it passed over, none of it twice. */
import { expect, test } from 'vitest';
import { accountId, chatId } from '../../../src/core/ids.ts';
import { createMucIds } from '../../../src/plumbing/muc-ids.ts';
import { createPastOfRoom, type PastOfRoomParts } from '../../../src/plumbing/past-of-room.ts';
import { createToMuc, type RoomLine } from '../../../src/plumbing/to-muc.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';
import { xml } from '../../../src/xml/writer.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const mucIds = createMucIds('piazza');
const line = (id: string): RoomLine => ({ id, nick: 'tybalt', isOwn: false, children: [] });

function setUp({ bound = 100, ...more }: Partial<PastOfRoomParts> & { bound?: number } = {}) {
  const clock = createManualClock();
  const archive: ArchiveRow[] = [];
  const said: string[] = [];
  const state: { told: string | undefined; isIn: boolean } = { told: undefined, isIn: true };
  const toMuc = createToMuc({
    changed: () => undefined,
    about: () => undefined,
    takeBack: () => false,

    muc: 'piazza@muc.test',
    ids: { sign: (room) => `${room}!`, read: (id) => id?.slice(0, -1) },
    puppets: { voice: (nick) => ({ is: 'own', from: `${nick}@net.test/x`, nick }), out: () => {} },
    herald: { jid: 'herald@net.test/x', isIn: () => state.isIn },
    translate: ({ id }) => xml`<body>${id}</body>`,
    clock,
    send: (stanzas) => void said.push(...stanzas.map(({ id = '' }) => id.slice(0, -1))),
    onTold(id) {
      state.told = id;
    },
    onDoubt: () => {},
    onLost: () => {},
    bound,
  });
  const past = createPastOfRoom({
    toMuc,
    mucIds,
    names: { toMuc: () => undefined },
    rows: async (after) => archive.slice(archive.findIndex(({ id }) => id === after) + 1, 10_000),
    told: () => state.told,
    since: () => 0,
    find: () => undefined,
    now: () => clock.now(),
    moderate: () => {},
    mayPass: () => true,
    isClosed: () => false,
    onFailure: () => {},
    ...more,
  });
  const row = (id: string, isTheirs = false): void =>
    void archive.push({
      ...{ account: accountId('a'), chat: chatId('#verona'), id, at: clock.now(), body: '<body>x</body>' },
      ...(isTheirs ? { nick: 'herald', stanza: mucIds.of(id) } : { nick: 'tybalt', stanza: id }),
    });
  return {
    ...{ toMuc, past, said, state, archive },
    /** Somebody on the network says that. */
    says(id: string, isReady: boolean) {
      row(id);
      past.say(line(id), undefined, isReady);
    },
    /** What somebody in the MUC said comes back from the network. */
    returns(id: string, isReady: boolean) {
      row(id, true);
      past.own(id, isReady);
    },
  };
}

test('what the MUC’s people said comes back before the room’s past is read: that is told all the same', async () => {
  const { past, says, returns, said, state, toMuc } = setUp();
  says('1', false);
  says('2', false);
  returns('3', false);
  await past.takeUp();
  expect(said).toEqual(['1', '2']);
  for (const id of said) toMuc.told(id);
  returns('4', true);
  expect(state.told).toBe('4');
});

test('it comes back while the past is read: the same, and what is read is told once', async () => {
  const { past, says, returns, said, state } = setUp();
  says('1', false);
  const reading = past.takeUp();
  returns('2', true);
  says('3', true);
  expect(state.told).toBeUndefined();
  await reading;
  expect(said).toEqual(['1', '3']);
});

test('of more than is kept in mind nothing is passed over: what comes behind it waits in the archive, too', async () => {
  const { past, says, said, state, toMuc } = setUp({ bound: 3 });
  state.isIn = false;
  for (const id of ['1', '2', '3', '4']) says(id, true);
  state.isIn = true;
  toMuc.pump();
  toMuc.told('1');
  says('5', true);
  for (const id of ['2', '3']) toMuc.told(id);
  expect([said, state.told]).toEqual([['1', '2', '3'], '3']);
  await past.takeUp();
  expect(said).toEqual(['1', '2', '3', '4', '5']);
});

test('a past that can’t be read is told before anything that is said later, once it can be', async () => {
  let [fails, failures] = [true, 0];
  const { past, says, said, state, archive } = setUp({
    onFailure: () => failures++,
    async rows(after) {
      if (fails) throw new Error('the storage is away');
      return archive.slice(archive.findIndex(({ id }) => id === after) + 1);
    },
  });
  says('1', false);
  await expect(past.takeUp()).rejects.toThrow('away');
  says('2', true);
  await expect.poll(() => failures).toBe(1);
  expect([said, state.told]).toEqual([[], undefined]);
  fails = false;
  says('3', true);
  await expect.poll(() => said).toEqual(['1', '2', '3']);
});
