/** What a herald hears after it was away: all that was missed, whatever fails. */
import { expect, test } from 'vitest';
import { chatId } from '../../../src/core/ids.ts';
import { createHearing } from '../../../src/plumbing/hearing.ts';
import { createMucIds } from '../../../src/plumbing/muc-ids.ts';
import { readLine } from '../../../src/plumbing/muc-stanzas.ts';
import { createToNetwork } from '../../../src/plumbing/to-network.ts';
import { parse } from '../../../src/xml/document.ts';

const muc = 'piazza@muc.test';
const chat = chatId('#verona');
const mucIds = createMucIds('piazza');
const line = (id: string) =>
  readLine(parse(`<message from='${muc}/nurse' id='${id}'><body>${id}</body></message>`), muc, `kept-${id}`, 5);

test('where nobody knows what was accepted before, it is accepted, and what is said from then on too', async () => {
  const accepted: string[] = [];
  const failures: unknown[] = [];
  let caughtUp = 0;
  const hearing = createHearing({
    ...{ chat, mucIds, names: { add: () => {} }, ids: { sign: (id) => id, read: () => undefined } },
    marks: { now: {}, move: () => {} },
    toNetwork: createToNetwork({
      ...{ muc, chat, mucIds, herald: 'herald@net.test/x', names: { toRoom: () => undefined } },
      ...{ find: () => undefined, isTakenBack: () => false },
    }),
    gap: { fetch: async () => [line('one'), line('two')] },
    herald: () => ({ isIn: true, nick: 'herald', isOwner: () => false }),
    since: () => 1,
    token: () => undefined,
    onConsent: () => {},
    onOwn: () => {},
    accept: ({ id }) => void accepted.push(id),
    wasAccepted: () => Promise.reject(new Error('the storage is away')),
    async onCaughtUp() {
      caughtUp++;
    },
    unheard: () => [],
    onLacking: () => {},
    newId: () => 'new',
    now: () => 10,
    onFailure: (error) => void failures.push(error),
  });
  hearing.begin();
  await expect.poll(() => caughtUp).toBe(1);
  hearing.hear(line('three'));
  expect(accepted).toEqual(['one', 'two', 'three'].map((id) => mucIds.of(`kept-${id}`)));
  expect([hearing.isCaughtUp, failures.length]).toEqual([true, 2]);
});
