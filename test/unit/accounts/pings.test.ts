/** Is a client still there? */
import { expect, test } from 'vitest';
import { createClientIqs } from '../../../src/accounts/client-iqs.ts';
import { createPings } from '../../../src/accounts/pings.ts';
import type { Outgoing } from '../../../src/gateway/face.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const phone = 'romeo@montague.lit/phone';
const tablet = 'romeo@montague.lit/tablet';
const desk = 'romeo@montague.lit/desk';
const room = '#verona%irc.test@irc.montague.lit';

function setUp() {
  const clock = createManualClock();
  const sent: Outgoing[] = [];
  let n = 0;
  const iqs = createClientIqs({
    send: (stanzas) => void sent.push(...stanzas),
    newId: () => `p${n++}`,
    clock,
  });
  return { clock, sent, iqs, pings: createPings(iqs, clock, 5000) };
}

test('199-01 a ping goes to the full JID by the address it knows; a result says that it is online', async () => {
  const { pings, iqs, sent, clock } = setUp();
  const online = pings.isOnline(phone, room);
  expect(sent).toMatchObject([{ kind: 'iq', type: 'get', from: room, to: [phone], id: 'p0' }]);
  expect(sent[0]?.body.text).toBe("<ping xmlns='urn:xmpp:ping'/>");
  expect(iqs.answered({ id: 'p0', from: phone })).toBe(true);
  expect(await online).toBe(true);
  expect(clock.waiting).toBe(0);
});

test('a client without pings is online; one that the server no longer knows is not', async () => {
  const { pings, iqs } = setUp();
  const knowsNone = pings.isOnline(phone, room);
  const gone = pings.isOnline(desk, room);
  iqs.answered({ id: 'p0', from: phone, condition: 'feature-not-implemented' });
  iqs.answered({ id: 'p1', from: desk, condition: 'service-unavailable' });
  expect(await knowsNone).toBe(true);
  expect(await gone).toBe(false);
});

test('114-53 gone is only who the server says is gone, not who does not answer', async () => {
  const { pings, iqs, clock } = setUp();
  const all = [pings.isGone(phone, room), pings.isGone(desk, room), pings.isGone(tablet, room)];
  iqs.answered({ id: 'p0', from: phone });
  iqs.answered({ id: 'p1', from: desk, condition: 'service-unavailable' });
  await clock.advance(5000);
  expect(await Promise.all(all)).toEqual([false, true, false]);
});

test('an answer from somebody else is none, and no answer is no', async () => {
  const { pings, iqs, clock } = setUp();
  const online = pings.isOnline(phone, room);
  expect(iqs.answered({ id: 'p0', from: 'mercutio@montague.lit/phone' })).toBe(false);
  expect(iqs.answered({ id: 'unknown', from: phone })).toBe(false);
  await clock.advance(5000);
  expect(await online).toBe(false);
  expect(iqs.answered({ id: 'p0', from: phone })).toBe(false);
});

test('199-01 a client that is lost from hundreds of rooms at once is asked once, and anew when it has answered or a second is over', async () => {
  const { pings, iqs, sent, clock } = setUp();
  const rooms = Array.from({ length: 300 }, (_, n) => `#room${n}%irc.test@irc.montague.lit`);
  const askAll = () => rooms.map((one) => pings.isOnline(phone, one));
  const first = askAll();
  expect(sent).toHaveLength(1);
  iqs.answered({ id: 'p0', from: phone });
  expect(await Promise.all(first)).toEqual(rooms.map(() => true));
  const second = askAll();
  expect(sent).toHaveLength(2);
  await clock.advance(1_000);
  const third = pings.isOnline(phone, room);
  expect(sent).toHaveLength(3);
  iqs.answered({ id: 'p1', from: phone, condition: 'service-unavailable' });
  iqs.answered({ id: 'p2', from: phone });
  expect(await Promise.all(second)).toEqual(rooms.map(() => false));
  expect(await third).toBe(true);
  expect(clock.waiting).toBe(0);
});
