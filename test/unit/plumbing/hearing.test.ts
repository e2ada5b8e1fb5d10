/** What a herald hears after it was away: all that was missed, whatever fails. */
import { expect, test } from 'vitest';
import { chatId } from '../../../src/core/ids.ts';
import { createHearing, type HearingParts } from '../../../src/plumbing/hearing.ts';
import { createMucIds } from '../../../src/plumbing/muc-ids.ts';
import { readLine } from '../../../src/plumbing/muc-stanzas.ts';
import { createToNetwork } from '../../../src/plumbing/to-network.ts';
import { parse } from '../../../src/xml/document.ts';

const muc = 'piazza@muc.test';
const chat = chatId('#verona');
const mucIds = createMucIds('piazza');
const line = (id: string) =>
  readLine(parse(`<message from='${muc}/nurse' id='${id}'><body>${id}</body></message>`), muc, `kept-${id}`, 5);

function setUp(parts: Partial<HearingParts> = {}) {
  const accepted: string[] = [];
  const failures: unknown[] = [];
  const hearing = createHearing({
    ...{
      chat,
      mucIds,
      names: { add: () => {}, toMuc: () => undefined },
      ids: { sign: (id) => id, read: () => undefined },
    },
    marks: { now: { seen: { id: 'kept-zero', at: 2 } }, move: () => {} },
    toNetwork: createToNetwork({
      ...{ muc, chat, mucIds, herald: 'herald@net.test/x', names: { toRoom: () => undefined } },
      nicks: { inMuc: () => undefined, otherwise: () => [] },
      ...{ known: [], find: () => undefined, isTakenBack: () => false, onSecret: () => {} },
    }),
    gap: { fetch: async () => ({ lines: [line('one'), line('two')], isWhole: true }) },
    herald: () => ({ isIn: true, isCalled: (nick) => nick === 'herald', isOwner: () => false }),
    since: () => 1,
    token: () => undefined,
    onConsent: () => {},
    onOwn: () => {},
    accept: ({ id }) => void accepted.push(id.replace(mucIds.of('kept-'), '')),
    wasAccepted: async () => false,
    onRead: () => {},
    onCaughtUp: async () => {},
    unheard: () => [],
    onLacking: () => {},
    setSubject: () => {},
    newId: () => 'new',
    now: () => 10,
    onFailure: (error) => void failures.push(error),
    ...parts,
  });
  return { hearing, accepted, failures };
}

test('where nobody knows what was accepted before, it is accepted, and what is said from then on too', async () => {
  const { hearing, accepted, failures } = setUp({
    wasAccepted: () => Promise.reject(new Error('the storage is away')),
  });
  hearing.begin();
  await expect.poll(() => hearing.isCaughtUp).toBe(true);
  hearing.hear(line('three'));
  expect([accepted, failures.length]).toEqual([['one', 'two', 'three'], 2]);
});

test('what the history lacks is asked of the archive again, where that gave no answer', async () => {
  const asked: unknown[] = [];
  const answers = [undefined, { lines: [line('one'), line('two'), line('three')], isWhole: true }];
  const { hearing, accepted } = setUp({
    gap: {
      async fetch(after) {
        asked.push(after);
        return answers.shift();
      },
    },
  });
  hearing.begin();
  hearing.hear(line('two'));
  await expect.poll(() => accepted).toEqual(['two']);
  hearing.check();
  await expect.poll(() => accepted).toEqual(['two', 'one', 'three']);
  expect(asked).toEqual([
    { id: 'kept-zero', at: 2 },
    { id: 'kept-zero', at: 2 },
  ]);
});

test('an archive that ends in the middle is read on from there, and what was not read is not past', async () => {
  const whole = (...ids: string[]) => ({ lines: ids.map(line), isWhole: true });
  const part = (...ids: string[]) => ({ lines: ids.map(line), isWhole: false });
  const answers = [part('one'), part('two'), undefined, part('three'), undefined, whole('four', 'live')];
  const [seen, lacking, asked]: [unknown[], unknown[], unknown[]] = [[], [], []];
  const { hearing, accepted } = setUp({
    gap: {
      async fetch({ id }) {
        asked.push(id);
        return answers.shift();
      },
    },
    marks: { now: { seen: { id: 'kept-zero', at: 2 } }, move: (marks) => void seen.push(marks.seen?.id) },
    unheard: () => ['ours'],
    onLacking: (unheard) => void lacking.push(...unheard),
  });
  hearing.begin();
  await expect.poll(() => hearing.isCaughtUp).toBe(true);
  hearing.hear(line('live'));
  expect([accepted, seen]).toEqual([
    ['one', 'two', 'live'],
    ['kept-one', 'kept-two'],
  ]);
  hearing.check();
  await expect.poll(() => seen.at(-1)).toBe('kept-three');
  expect(lacking).toEqual([]);
  hearing.check();
  await expect.poll(() => lacking).toEqual(['ours']);
  expect(accepted).toEqual(['one', 'two', 'live', 'three', 'four']);
  expect(asked).toEqual(['zero', 'one', 'two', 'two', 'three', 'three'].map((id) => `kept-${id}`));
  hearing.hear(line('five'));
  expect(seen.at(-1)).toBe('kept-five');
});

test('what was missed for more than a day is not said any more, what is said just now is, whatever its stamp', async () => {
  const day = 86_400_000;
  const late = { lines: [line('one'), { ...line('two'), at: 6 }], isWhole: true };
  const { hearing, accepted } = setUp({ gap: { fetch: async () => late }, now: () => day + 5 });
  hearing.begin();
  await expect.poll(() => hearing.isCaughtUp).toBe(true);
  hearing.hear(line('three'));
  expect(accepted).toEqual(['two', 'three']);
});

test('what its speaker says to be of tomorrow was said just now', () => {
  const seen: unknown[] = [];
  const { hearing } = setUp({ marks: { now: {}, move: (marks) => void seen.push(marks.seen?.at) } });
  hearing.beginHere();
  hearing.hear({ ...line('one'), at: 99 });
  expect(seen).toEqual([10]);
});

test('a subject of the second in which something was heard last is news, by a stamp of whole seconds, and once', async () => {
  const subject = () =>
    readLine(parse(`<message from='${muc}/nurse' id='s'><subject>the duel</subject></message>`), muc, undefined, 5_000);
  let seen: NonNullable<HearingParts['marks']['now']['seen']> = { id: 'kept-zero', at: 5_400 };
  const comesIn = async (): Promise<readonly string[]> => {
    const { hearing, accepted } = setUp({
      marks: {
        now: { seen },
        move: (marks) => {
          seen = marks.seen ?? seen;
        },
      },
      gap: { fetch: async () => ({ lines: [], isWhole: true }) },
      now: () => 9_000,
    });
    hearing.begin();
    hearing.hear(subject());
    await expect.poll(() => hearing.isCaughtUp).toBe(true);
    return accepted;
  };
  expect(await comesIn()).toHaveLength(1);
  expect(seen).toEqual({ id: 'kept-zero', at: 5_999 });
  expect(await comesIn()).toEqual([]);
});
