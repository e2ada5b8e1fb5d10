/** Rubbish on the wire: the process lives, the component comes back or passes over it, and what is said after it is heard. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DOMAIN, FakeServer, type Peer, type Subject, subject } from './fake-server.ts';

let server: FakeServer;
let one: Subject;
let peer: Peer;
let tries = 0;
const abort = new AbortController();
const uncaught: unknown[] = [];
const onUncaught = (error: unknown): void => void uncaught.push(error);

beforeAll(async () => {
  process.on('unhandledRejection', onUncaught);
  process.on('uncaughtException', onUncaught);
  server = await FakeServer.listen();
  one = subject(server.port);
  const started = one.component.start(abort.signal);
  peer = await server.accept();
  await peer.shakeHands();
  await started;
});
afterAll(async () => {
  abort.abort(new Error('test is over'));
  await one.component.stop();
  await server.close();
  process.off('unhandledRejection', onUncaught);
  process.off('uncaughtException', onUncaught);
});

/** Sends the rubbish and then a stanza of which it must hear, here or on the next link. */
async function survives(rubbish: Uint8Array | string): Promise<void> {
  const downs = one.downs.length;
  const id = `after-${++tries}`;
  const mark = `<message from='a@example.org' to='${DOMAIN}' id='${id}'/>`;
  const heard = (): boolean => one.stanzas.some(({ attrs }) => attrs.id === id);
  peer.socket.write(rubbish);
  peer.send(mark);
  // What is left open by the rubbish swallows the mark; then the server ends the link, as a restart would.
  peer.socket.end();
  await one.until(() => one.downs.length > downs);
  const ups = one.ups;
  one.clock.advance(await one.clock.slept(one.downs.length));
  peer = await server.accept();
  await peer.shakeHands();
  await one.until(() => one.ups > ups);
  if (!heard()) peer.send(mark);
  await one.until(heard);
  one.stanzas.length = 0;
}

describe('rubbish from the server', () => {
  const rubbish = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({
      unit: fc.constantFrom(
        '<',
        '>',
        '/',
        '&',
        ';',
        "'",
        '"',
        '=',
        '!',
        '?',
        '[',
        ']',
        'a',
        'iq',
        'message',
        ' ',
        ':',
        'xmlns',
      ),
    }),
    fc.constantFrom<string | Uint8Array>(
      Uint8Array.of(0xf0, 0x9f, 0x98),
      Uint8Array.of(0xff, 0xfe, 0x00),
      '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><message>&lol2;</message>',
      '<a>'.repeat(20_000),
      `<message>${'<a>'.repeat(500)}${'</a>'.repeat(500)}</message>`,
      `<message ${Array.from({ length: 500 }, (_, i) => `a${i}='x'`).join(' ')}/>`,
      `<message a='${'x'.repeat(300_000)}'/>`,
      `<message>${'x'.repeat(600_000)}`,
      '</stream:stream>',
      '</stream:stream><message/>',
      '<handshake/><handshake/>',
      "<?xml version='1.0'?>",
      '<stream:error/>',
      '<stream:error><see-other-host xmlns="urn:ietf:params:xml:ns:xmpp-streams">::::</see-other-host></stream:error>',
    ),
  );

  test('114-43 114-16 anything at all, 300 times', { timeout: 60_000 }, async () => {
    await fc.assert(fc.asyncProperty(rubbish, survives), { numRuns: 300, endOnFailure: true });
    expect(uncaught).toEqual([]);
    expect(one.component.up).toBe(true);
  });
});
