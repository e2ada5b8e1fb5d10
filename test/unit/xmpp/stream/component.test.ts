/** The stream against a scripted server: the handshake, every way to end, and what must never happen. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { xml } from '../../../../src/xml/writer.ts';
import { StreamRefused } from '../../../../src/xmpp/stream/types.ts';
import { DOMAIN, FakeServer, header, type Peer, SECRET, type Subject, streamError, subject } from './fake-server.ts';

let server: FakeServer;
let one: Subject;
let abort: AbortController;
let uncaught: unknown[];
const onUncaught = (error: unknown): void => void uncaught.push(error);

beforeEach(async () => {
  server = await FakeServer.listen();
  abort = new AbortController();
  uncaught = [];
  process.on('unhandledRejection', onUncaught);
  process.on('uncaughtException', onUncaught);
  one = subject(server.port);
});
afterEach(async () => {
  abort.abort(new Error('test is over'));
  await one.component.stop();
  await server.close();
  process.off('unhandledRejection', onUncaught);
  process.off('uncaughtException', onUncaught);
  expect(uncaught).toEqual([]);
});

/** Starts, shakes hands, and is up. */
async function connected(): Promise<Peer> {
  const started = one.component.start(abort.signal);
  const peer = await server.accept();
  await peer.shakeHands();
  await started;
  return peer;
}
/** Lets the wait before the next try pass, and takes the connection. */
async function next(nth: number): Promise<Peer> {
  one.clock.advance(await one.clock.slept(nth));
  return server.accept();
}
const body = (text: string): string => `<message from='a@example.org/x' to='${DOMAIN}'><body>${text}</body></message>`;

describe('handshake', () => {
  test('114-01 114-04 the header names the component and carries no version', async () => {
    const peer = await connected();
    expect(peer.received).toMatch(/^<\?xml version='1\.0'\?><stream:stream [^>]*>/);
    const [tag] = /<stream:stream [^>]*>/.exec(peer.received) ?? [''];
    expect(tag).toContain("xmlns='jabber:component:accept'");
    expect(tag).toContain(`to='${DOMAIN}'`);
    expect(tag).not.toContain('version');
  });

  test('114-02 the digest is of the unescaped id and the secret as UTF-8', async () => {
    const started = one.component.start(abort.signal);
    const peer = await server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header('a&amp;b&#228;'));
    const [, digest] = await peer.expect(/<handshake>([0-9a-f]{40})<\/handshake>/);
    const { createHash } = await import('node:crypto');
    expect(digest).toBe(createHash('sha1').update(`a&bä${SECRET}`, 'utf8').digest('hex'));
    peer.send('<handshake/>');
    await started;
  });

  test("114-02 the specification's vector", async () => {
    one = subject(server.port, { secret: 'test' });
    const started = one.component.start(abort.signal);
    const peer = await server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header());
    await peer.expect(/<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e<\/handshake>/);
    peer.send('<handshake/>');
    await started;
  });

  test('114-03 nothing is written before the handshake is answered', async () => {
    const started = one.component.start(abort.signal);
    const peer = await server.accept();
    expect(one.component.write('<presence/>')).toBe(false);
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header());
    await peer.expect(/<\/handshake>/);
    expect(one.component.write('<presence/>')).toBe(false);
    expect(one.component.up).toBe(false);
    peer.send('<handshake/>');
    await started;
    one.component.write('<iq/>');
    await peer.expect(/<iq\/>$/);
    expect(peer.received).not.toContain('presence');
  });

  test('114-05 header and handshake arrive in single bytes, stanzas in the same segment as the handshake', async () => {
    const started = one.component.start(abort.signal);
    const peer = await server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    for (const character of header()) {
      peer.send(character);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await peer.expect(/<\/handshake>/);
    peer.send(`<handshake/>${body('one')}${body('two')}`);
    await started;
    await one.until(() => one.stanzas.length === 2);
    expect(one.stanzas.map((stanza) => stanza.children[0])).toEqual([
      expect.objectContaining({ name: 'body', children: ['one'] }),
      expect.objectContaining({ name: 'body', children: ['two'] }),
    ]);
  });

  test('114-05 a character cut by a read is whole', async () => {
    const peer = await connected();
    for (const byte of Buffer.from(body('h😀é'))) {
      peer.socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await one.until(() => one.stanzas.length === 1);
    expect(one.stanzas[0]?.children[0]).toMatchObject({ children: ['h😀é'] });
  });

  test('114-06 a server that accepts and says nothing is left, and tried again', async () => {
    const started = one.component.start(abort.signal);
    for (let nth = 1; nth <= 3; nth++) {
      const peer = nth === 1 ? await server.accept() : await next(nth - 1);
      await peer.expect(/<stream:stream [^>]*>/);
      one.clock.advance(10_000);
      await peer.closed();
    }
    const peer = await next(3);
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header());
    await peer.expect(/<\/handshake>/);
    one.clock.advance(10_000);
    await peer.closed();
    await (await next(4)).shakeHands();
    await started;
    expect(one.ups).toBe(1);
  });

  test('114-06 a server that is not there is tried again', async () => {
    const { port } = server;
    await server.close();
    one = subject(port);
    const started = one.component.start(abort.signal);
    await one.clock.slept(2 - 1);
    server = await FakeServer.listen();
    one.clock.advance(60_000);
    await one.clock.slept(2);
    abort.abort(new Error('enough'));
    await expect(started).rejects.toThrow('enough');
  });
});

describe('stream errors', () => {
  const refused = async (condition: string): Promise<unknown> => {
    const started = one.component.start(abort.signal).catch((error: unknown) => error);
    const peer = await server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.socket.end(header() + streamError(condition, 'because &amp; so'));
    return started;
  };

  test.each(['host-unknown', 'not-authorized', 'conflict', 'invalid-namespace', 'improper-addressing'])(
    '114-10 114-11 114-12 114-13 %s before we ever were up: told, and tried again after a minute or more',
    async (condition) => {
      const error = await refused(condition);
      expect(error).toBeInstanceOf(StreamRefused);
      expect(error).toMatchObject({ condition, text: 'because & so' });
      expect(String(error)).not.toContain(SECRET);
      expect(await one.clock.slept(1)).toBeGreaterThanOrEqual(60_000);
      expect(one.logged.filter(({ level }) => level === 'error')).toHaveLength(1);
      await (await next(1)).shakeHands();
      await one.until(() => one.ups === 1);
    },
  );

  test('114-12 replaced by another while up: no fight', async () => {
    let peer = await connected();
    for (let nth = 1; nth <= 3; nth++) {
      peer.socket.end(streamError('conflict'));
      await peer.closed();
      expect(await one.clock.slept(nth)).toBeGreaterThanOrEqual(60_000);
      peer = await next(nth);
      await peer.shakeHands();
      await one.until(() => one.ups === nth + 1);
    }
    expect(one.downs).toEqual(['conflict', 'conflict', 'conflict']);
  });

  test.each(['invalid-from', 'not-well-formed', 'invalid-xml', 'policy-violation'])(
    '114-14 114-15 %s is logged as a bug of ours, and the stream comes back',
    async (condition) => {
      const peer = await connected();
      peer.socket.end(streamError(condition));
      await (await next(1)).shakeHands();
      await one.until(() => one.ups === 2);
      expect(one.logged.find(({ level }) => level === 'error')?.fields).toMatchObject({ reason: condition });
    },
  );

  test.each([
    'system-shutdown',
    'reset',
    'connection-timeout',
    'resource-constraint',
    'internal-server-error',
    'undefined-condition',
  ])('114-16 %s passes by itself: backoff from a second to a minute', async (condition) => {
    let peer = await connected();
    for (let nth = 1; nth <= 9; nth++) {
      peer.socket.end(streamError(condition));
      const full = Math.min(60_000, 1000 * 2 ** (nth - 1));
      const ms = await one.clock.slept(nth);
      expect(ms).toBeGreaterThanOrEqual(full / 2);
      expect(ms).toBeLessThanOrEqual(full);
      peer = await next(nth);
      await peer.shakeHands();
      await one.until(() => one.ups === nth + 1);
    }
    one.clock.advance(31_000);
    peer.socket.destroy();
    expect(await one.clock.slept(10)).toBeLessThanOrEqual(1000);
  });

  test('114-16 the connection breaks, or the stream just ends', async () => {
    const first = await connected();
    first.socket.resetAndDestroy();
    const second = await next(1);
    await second.shakeHands();
    await one.until(() => one.ups === 2);
    second.send('</stream:stream>');
    await second.closed();
    await (await next(2)).shakeHands();
    await one.until(() => one.ups === 3);
    expect(one.downs).toHaveLength(2);
  });

  test('114-17 see-other-host is followed, five times in a row at most', async () => {
    const other = await FakeServer.listen();
    const started = one.component.start(abort.signal);
    const peer = await server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header() + streamError('see-other-host', '', `127.0.0.1:${other.port}`));
    for (let hop = 1; hop <= 5; hop++) {
      const there = await other.accept();
      await there.expect(/<stream:stream [^>]*>/);
      there.send(header() + streamError('see-other-host', '', `127.0.0.1:${other.port}`));
    }
    await (await next(1)).shakeHands();
    await started;
    expect([server.count, other.count]).toEqual([2, 5]);
    await other.close();
  });
});

describe('reading', () => {
  test('114-40 114-41 white space and junk between stanzas mean nothing', async () => {
    const peer = await connected();
    peer.send(` ${body('one')} \n308\n${body('two')}&#33; `);
    await one.until(() => one.stanzas.length === 2);
    expect(one.downs).toEqual([]);
  });

  test('114-43 a stanza beyond the limits is reported and passed over, the stream goes on', async () => {
    const peer = await connected();
    peer.send(
      `<message from='a@example.org/x' to='${DOMAIN}' id='big'><body>${'x'.repeat(600_000)}</body></message>${body('after')}`,
    );
    peer.send(
      `<iq type='get' from='b@example.org' to='${DOMAIN}' id='deep'>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</iq>${body('again')}`,
    );
    await one.until(() => one.stanzas.length === 2);
    expect(one.oversized.map(({ name, attrs }) => [name, attrs.id, attrs.from])).toEqual([
      ['message', 'big', 'a@example.org/x'],
      ['iq', 'deep', 'b@example.org'],
    ]);
    expect(one.downs).toEqual([]);
  });

  test.each([
    ['an undefined entity', '<message>&nbsp;</message>'],
    ['a reference to a control character', '<message>&#2;</message>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "cc">]>'],
    ['a comment', '<!-- -->'],
    ['mismatched tags', '<message></presence>'],
  ])('114-16 %s from the server ends the link, not the process, and the next one works', async (_, text) => {
    const peer = await connected();
    peer.send(text + body('lost'));
    await peer.closed();
    const again = await next(1);
    await again.shakeHands();
    again.send(body('kept'));
    await one.until(() => one.stanzas.length === 1);
    expect(one.stanzas[0]?.children[0]).toMatchObject({ children: ['kept'] });
  });

  test('an address that is no JID, and a handler that throws, harm nobody', async () => {
    one = subject(server.port, {
      onStanza: () => {
        if (one.stanzas.length === 1) throw new Error('a bug');
      },
    });
    const peer = await connected();
    peer.send(`<message from='foo@' to='@@'/>${body('two')}`);
    await one.until(() => one.stanzas.length === 2);
    expect(one.logged.some(({ message }) => message.startsWith('onStanza threw'))).toBe(true);
    expect(one.component.up).toBe(true);
    expect(one.stanzas).toHaveLength(2);
  });
});

describe('writing', () => {
  test('114-34 what is written in one turn goes out in order', async () => {
    const peer = await connected();
    const parts = Array.from({ length: 500 }, (_, i) => `<message id='m${i}'/>`);
    for (const part of parts) one.component.write(part);
    await peer.expect(/m499'\/>/);
    expect(peer.received.endsWith(parts.join(''))).toBe(true);
  });

  test('a peer that does not read: no room, and room again when it does', async () => {
    const peer = await connected();
    peer.socket.pause();
    const text = `<message>${'x'.repeat(60_000)}</message>`;
    let written = 0;
    while (one.component.write(text)) {
      written++;
      expect(written).toBeLessThan(1000);
      if (written % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    let room = false;
    const drained = one.component.drained().then(() => {
      room = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(room).toBe(false);
    peer.socket.resume();
    await drained;
    expect(one.component.write('<iq/>')).toBe(true);
  });

  test('drained while down resolves when up again', async () => {
    const peer = await connected();
    peer.socket.destroy();
    await one.until(() => one.downs.length === 1);
    expect(one.component.write('x')).toBe(false);
    const drained = one.component.drained();
    await (await next(1)).shakeHands();
    await drained;
    expect(one.component.up).toBe(true);
  });

  test('114-50 a space a minute while idle, and a dead server is found out', async () => {
    const peer = await connected();
    one.clock.advance(55_000);
    await peer.expect(/ $/);
    one.clock.advance(55_000);
    await peer.expect(/<ping xmlns='urn:xmpp:ping'\/>/);
    one.clock.advance(60_000);
    await peer.closed();
    expect(one.downs).toEqual(['the server does not answer']);
    await (await next(1)).shakeHands();
    await one.until(() => one.ups === 2);
  });

  test('114-52 stop flushes, ends the stream and waits for the peer', async () => {
    const peer = await connected();
    one.component.write('<presence/>');
    const stopped = one.component.stop();
    await peer.expect(/<presence\/><\/stream:stream>$/);
    peer.socket.end('</stream:stream>');
    await stopped;
    expect(one.component.up).toBe(false);
    await peer.closed();
  });

  test('114-52 stop does not wait for ever', async () => {
    const peer = await connected();
    const stopped = one.component.stop();
    await peer.expect(/<\/stream:stream>$/);
    one.clock.advance(2_000);
    await stopped;
  });
});

describe('barrier and requests', () => {
  const loop = async (peer: Peer): Promise<string> => {
    const [whole] = await peer.expect(/<iq type='get' id='barrier-[^>]*><ping xmlns='urn:xmpp:ping'\/><\/iq>/);
    return whole;
  };

  test('a barrier comes behind what was written; one ping is in flight, the others share the next', async () => {
    const peer = await connected();
    one.component.write('<message/>');
    const first = one.component.barrier();
    const later = [one.component.barrier(), one.component.barrier()];
    const ping = await loop(peer);
    expect(peer.received.indexOf('<message/>')).toBeLessThan(peer.received.indexOf(ping));
    expect(peer.received.match(/barrier-/g)).toHaveLength(1);
    peer.send(ping);
    await first;
    peer.send(await loop(peer));
    await Promise.all(later);
    expect(peer.received.match(/barrier-/g)).toHaveLength(2);
    expect(one.stanzas).toEqual([]);
  });

  test('a barrier fails with the stream, and while there is none', async () => {
    await expect(one.component.barrier()).rejects.toThrow('down');
    const peer = await connected();
    const waiting = [one.component.barrier(), one.component.barrier()];
    peer.socket.destroy();
    for (const each of await Promise.allSettled(waiting)) expect(each.status).toBe('rejected');
  });

  const ask = (): Promise<unknown> =>
    one.component
      .request(
        { to: 'User@Example.org', from: DOMAIN, type: 'get', body: xml`<query xmlns='jabber:iq:version'/>` },
        5_000,
      )
      .then((element) => element.attrs.type)
      .catch((error: Error & { condition?: string }) => error.condition);
  const asked = async (peer: Peer): Promise<string> => {
    const [, id] = await peer.expect(/<iq type='get' id='([^']*)' from='[^']*' to='User@Example.org'>/);
    return id ?? '';
  };

  test('an answer counts by id and sender both', async () => {
    const peer = await connected();
    const answer = ask();
    const id = await asked(peer);
    peer.send(`<iq type='result' id='${id}' from='evil@example.org' to='${DOMAIN}'/>`);
    peer.send(`<iq type='result' id='guess' from='user@example.org' to='${DOMAIN}'/>`);
    peer.send(
      `<iq type='error' id='${id}' from='user@example.org' to='${DOMAIN}'><error type='auth'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
    );
    expect(await answer).toBe('forbidden');
    expect(one.stanzas.map(({ attrs }) => attrs.from)).toEqual(['evil@example.org', 'user@example.org']);
  });

  test('a result resolves; silence and a lost stream are remote-server-timeout', async () => {
    const peer = await connected();
    const first = ask();
    peer.send(`<iq type='result' id='${await asked(peer)}' from='user@example.org' to='${DOMAIN}'/>`);
    expect(await first).toBe('result');
    const second = ask();
    await asked(peer);
    one.clock.advance(5_000);
    expect(await second).toBe('remote-server-timeout');
    const third = ask();
    peer.socket.destroy();
    expect(await third).toBe('remote-server-timeout');
    expect(await ask()).toBe('remote-server-timeout');
  });

  test('114-31 a request from a foreign address is refused and leaves nothing behind', async () => {
    const peer = await connected();
    await expect(
      one.component.request({ to: 'a@b', from: 'evil.example', type: 'get', body: xml`<a/>` }, 1_000),
    ).rejects.toThrow('from outside');
    one.component.write('<end/>');
    await peer.expect(/<end\/>/);
    expect(peer.received).not.toContain('evil');
  });
});
