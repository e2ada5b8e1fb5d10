/** The stream against a real Prosody: what a fake server can only pretend. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { xml } from '../../../../src/xml/writer.ts';
import { createOutbound } from '../../../../src/xmpp/stream/outbound.ts';
import type { ComponentOptions } from '../../../../src/xmpp/stream/types.ts';
import { type Prosody, startProsody } from '../../../harness/prosody.ts';
import { type Subject, subject } from './fake-server.ts';
import { quickClock } from './quick-clock.ts';

let prosody: Prosody;
const abort = new AbortController();
const all: Subject[] = [];

beforeAll(async () => {
  prosody = await startProsody({ components: { 'a.localhost': 'secret-ä', 'b.localhost': 'other' }, users: {} });
});
afterEach(async () => {
  await Promise.all(all.splice(0).map(({ component }) => component.stop()));
});
afterAll(async () => {
  await prosody[Symbol.asyncDispose]();
});

function make(domain: string, secret: string, overrides: Partial<ComponentOptions> = {}): Subject {
  const one = subject(prosody.componentPort, { domain, secret, clock: quickClock, ...overrides });
  all.push(one);
  return one;
}
const message = (n: number | string, to = 'b.localhost'): string =>
  `<message from='a.localhost' to='${to}' id='m${n}'><body>number ${n}</body></message>`;

describe('with Prosody', () => {
  test('114-02 handshake, a barrier behind 5,000 messages, all of them delivered in order', async () => {
    const a = make('a.localhost', 'secret-ä');
    const b = make('b.localhost', 'other');
    await Promise.all([a.component.start(abort.signal), b.component.start(abort.signal)]);
    for (let n = 0; n < 5000; n++) if (!a.component.write(message(n))) await a.component.drained();
    await a.component.barrier();
    // What Prosody has routed to b stands before b's own ping.
    await b.component.barrier();
    expect(b.stanzas.map(({ attrs }) => attrs.id)).toEqual(Array.from({ length: 5000 }, (_, n) => `m${n}`));
    expect(a.stanzas).toEqual([]);
    await Promise.all([a.component.stop(), b.component.stop()]);
    expect([a.downs.length, b.downs.length]).toEqual([1, 1]);
  });

  test('a request is answered by the server; an error is one', async () => {
    const a = make('a.localhost', 'secret-ä');
    await a.component.start(abort.signal);
    const ask = (to: string, ns: string) =>
      a.component.request({ to, from: 'a.localhost', type: 'get', body: xml`<ping xmlns=${ns}/>` }, 5_000);
    expect((await ask('localhost', 'urn:xmpp:ping')).attrs.from).toBe('localhost');
    await expect(ask('localhost', 'urn:unknown')).rejects.toMatchObject({ name: 'IqError', type: 'cancel' });
    await a.component.stop();
  });

  test('114-10 114-11 an unknown domain and a wrong secret are refusals', async () => {
    const unknown = make('c.localhost', 'x');
    await expect(unknown.component.start(abort.signal)).rejects.toMatchObject({ condition: 'host-unknown' });
    const wrong = make('a.localhost', 'wrong');
    await expect(wrong.component.start(abort.signal)).rejects.toMatchObject({ condition: 'not-authorized' });
    await Promise.all([unknown.component.stop(), wrong.component.stop()]);
  });

  test('114-12 a second stream for the domain is refused, the first one stays', async () => {
    const first = make('a.localhost', 'secret-ä');
    await first.component.start(abort.signal);
    const second = make('a.localhost', 'secret-ä');
    await expect(second.component.start(abort.signal)).rejects.toMatchObject({ condition: 'conflict' });
    await first.component.barrier();
    expect(first.downs).toEqual([]);
    await Promise.all([first.component.stop(), second.component.stop()]);
  });

  test('114-14 114-31 a foreign from ends the stream, and the choke point never lets one through', async () => {
    const a = make('a.localhost', 'secret-ä');
    await a.component.start(abort.signal);
    const outbound = createOutbound('a.localhost');
    const into: string[] = [];
    const foreign = { kind: 'message' as const, from: 'b.localhost', to: ['x@localhost'], body: xml`<body>x</body>` };
    expect(() => outbound.render(foreign, into)).toThrow('from outside');
    outbound.render({ ...foreign, from: 'x@a.localhost' }, into);
    a.component.write(into.join(''));
    await a.component.barrier();
    expect(a.downs).toEqual([]);
    a.component.write("<message from='b.localhost' to='x@localhost'/>");
    await a.until(() => a.ups === 2);
    expect(a.downs).toEqual(['invalid-from']);
    await a.component.barrier();
    await a.component.stop();
  });

  test('114-16 the server stops or dies, again and again: the stream comes back by itself', async () => {
    const a = make('a.localhost', 'secret-ä');
    await a.component.start(abort.signal);
    for (let nth = 1; nth <= 4; nth++) {
      const lost = a.component.barrier();
      await prosody.kill(nth % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      await Promise.allSettled([lost]);
      await a.until(() => a.downs.length === nth);
      await expect(a.component.barrier()).rejects.toThrow('down');
      await prosody.restart();
      await a.until(() => a.ups === nth + 1);
      await a.component.barrier();
    }
    await a.component.stop();
  });

  test('114-32 no text that is escaped here ends the stream there', async () => {
    const a = make('a.localhost', 'secret-ä');
    const b = make('b.localhost', 'other');
    await Promise.all([a.component.start(abort.signal), b.component.start(abort.signal)]);
    const outbound = createOutbound('a.localhost');
    const into: string[] = [];
    const every = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join('');
    for (const text of [every, '\ud83d', '\ude00x', '\ufffe\uffff', '😀]]>&amp;<']) {
      outbound.render(
        { kind: 'message', from: 'a.localhost', to: ['b.localhost'], id: text, body: xml`<body>${text}</body>` },
        into,
      );
    }
    a.component.write(into.join(''));
    await a.component.barrier();
    await b.component.barrier();
    expect(b.stanzas).toHaveLength(5);
    expect(a.downs).toEqual([]);
    await Promise.all([a.component.stop(), b.component.stop()]);
  });
});
