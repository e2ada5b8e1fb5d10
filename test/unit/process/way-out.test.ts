/** From faces to the wire: what must not be sent costs itself and nothing else. */
import { expect, test } from 'vitest';
import type { Log } from '../../../src/bridge/contract.ts';
import type { Outgoing } from '../../../src/gateway/face.ts';
import { createWayOut } from '../../../src/process/way-out.ts';
import { empty, type Xml, xml } from '../../../src/xml/writer.ts';
import { inUsersName } from '../../../src/xmpp/xep/0356-privilege.ts';
import { silentLog } from '../../harness/silent-log.ts';

const body = xml`<body>hello</body>`;
const message = (more: Partial<Outgoing> = {}): Outgoing => ({
  kind: 'message',
  from: '#verona@net.test/juliet',
  to: ['romeo@test/desk'],
  body,
  ...more,
});

function setUp(pressure: () => Promise<void> | undefined = () => undefined, isHeld = false) {
  const put: string[] = [];
  const kept: boolean[] = [];
  const errors: object[] = [];
  let counted = 0;
  const sink = {
    put(text: string, keep: boolean) {
      put.push(text);
      kept.push(keep);
    },
    pressure,
    isHeld: () => isHeld,
  };
  const count = {
    add(by = 1): void {
      counted += by;
    },
  };
  const log: Log = { ...silentLog, error: (fields) => void errors.push(fields) };
  return {
    out: createWayOut('net.test', sink, count, log, { now: () => Date.UTC(2026, 10, 21, 12) }),
    put,
    kept,
    errors,
    counted: () => counted,
  };
}

test('one copy for each receiver, counted, and kept where it is to be kept', () => {
  const { out, put, kept, counted } = setUp();
  out.send([message({ to: ['a@test/1', 'b@test/2'], keep: true }), message()]);
  expect(put.map((text) => /to='([^']+)'/.exec(text)?.[1])).toEqual(['a@test/1', 'b@test/2', 'romeo@test/desk']);
  expect(kept).toEqual([true, true, false]);
  expect(counted()).toBe(3);
});

test('114-31 a foreign sender is dropped and logged; what is before and behind it is sent', () => {
  const { out, put, errors, counted } = setUp();
  out.send([message({ id: '1' }), message({ from: 'juliet@elsewhere.test', id: '2' }), message({ id: '3' })]);
  expect(put.map((text) => /id='(\d)'/.exec(text)?.[1])).toEqual(['1', '3']);
  expect(errors).toHaveLength(1);
  expect(counted()).toBe(2);
});

test('114-30 114-33 neither to nobody nor too large', () => {
  const { out, put, errors } = setUp();
  out.send([message({ to: [] }), message({ body: xml`<body>${'x'.repeat(300_000)}</body>` }), message()]);
  expect(put).toHaveLength(1);
  expect(errors).toHaveLength(2);
});

test('GEN-01 114-33 whoever waits for an answer that can’t be sent is told so, in its place', () => {
  const { out, put, errors, counted } = setUp();
  const large = xml`<query xmlns='urn:x'>${'x'.repeat(300_000)}</query>`;
  const iq = { ...message({ body: large, id: 'q' }), kind: 'iq' } as const;
  out.send([{ ...iq, type: 'result' }, { ...iq, type: 'error' }, message({ id: 'behind' })]);
  expect(put).toHaveLength(3);
  for (const answer of put.slice(0, 2)) {
    expect(answer).toMatch(/^<iq type='error' id='q' from='#verona@net.test\/juliet' to='romeo@test\/desk'><error/);
    expect(answer).toContain('<internal-server-error');
    expect(answer).not.toContain('xxx');
  }
  expect([errors.length, counted()]).toEqual([2, 3]);
});

test('nobody is told of a request, of what has no receiver, or in a foreign name', () => {
  const { out, put, errors } = setUp();
  const iq = {
    ...message({ id: 'q', body: xml`<query xmlns='urn:x'>${'x'.repeat(300_000)}</query>` }),
    kind: 'iq',
  } as const;
  out.send([
    { ...iq, type: 'get' },
    { ...iq, type: 'result', to: [] },
    { ...iq, type: 'result', from: 'x@elsewhere.test' },
  ]);
  expect(put).toEqual([]);
  expect(errors.length).toBeGreaterThanOrEqual(3);
});

test('114-54 what is said while the server is away is told with the time at which it was said, once', () => {
  const { out, put } = setUp(undefined, true);
  const before = xml`<body>long ago</body><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>`;
  out.send([message({ keep: true }), message({ keep: true, body: before }), message()]);
  expect(put.map((text) => text.match(/<delay [^>]*>/g))).toEqual([
    ["<delay xmlns='urn:xmpp:delay' from='net.test' stamp='2026-11-21T12:00:00Z'/>"],
    ["<delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>"],
    null,
  ]);
  const live = setUp();
  live.out.send([message({ keep: true })]);
  expect(live.put[0]).not.toContain('delay');
});

test('356-24 what is told in the owner’s name has its time inside, where their clients look for it', () => {
  const { out, put } = setUp(undefined, true);
  const own = (time: Xml): Xml =>
    xml`<message xmlns='jabber:client' from='romeo@test' to='juliet@net.test' type='chat'><body>hi</body>${time}</message>`;
  const told = (time: Xml): Outgoing =>
    message({ id: 'm1', body: inUsersName('urn:xmpp:privilege:2', own(time)), keep: true });
  out.send([told(empty)]);
  const live = setUp();
  live.out.send([told(xml`<delay xmlns='urn:xmpp:delay' from='net.test' stamp='2026-11-21T12:00:00Z'/>`)]);
  expect(put).toEqual(live.put);
});

test('the text of what was dropped is not in the log', () => {
  const { out, errors } = setUp();
  out.send([message({ from: 'x@elsewhere.test', body: xml`<body>my secret</body>` })]);
  expect(JSON.stringify(errors)).not.toContain('my secret');
});

test('pressure is the sink’s', async () => {
  const wait = Promise.resolve();
  expect(setUp(() => wait).out.pressure()).toBe(wait);
  expect(setUp().out.pressure()).toBeUndefined();
});
