/** The handshake against a scripted server, byte by byte, and servers that do not shake hands. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { DOMAIN, FakeServer, header, SECRET } from './fake-server.ts';
import { body, useStream } from './scripted-stream.ts';

const stream = useStream();

describe('handshake', () => {
  test('114-01 114-04 the header names the component and carries no version', async () => {
    const peer = await stream.connected();
    expect(peer.received).toMatch(/^<\?xml version='1\.0'\?><stream:stream [^>]*>/);
    const [tag] = /<stream:stream [^>]*>/.exec(peer.received) ?? [''];
    expect(tag).toContain("xmlns='jabber:component:accept'");
    expect(tag).toContain(`to='${DOMAIN}'`);
    expect(tag).not.toContain('version');
  });

  test('114-02 the digest is of the unescaped id and the secret as UTF-8', async () => {
    const started = stream.one.component.start(stream.abort.signal);
    const peer = await stream.server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header('a&amp;b&#228;'));
    const [, digest] = await peer.expect(/<handshake>([0-9a-f]{40})<\/handshake>/);

    expect(digest).toBe(createHash('sha1').update(`a&bä${SECRET}`, 'utf8').digest('hex'));
    peer.send('<handshake/>');
    await started;
  });

  test("114-02 the specification's vector", async () => {
    stream.with({ secret: 'test' });
    const started = stream.one.component.start(stream.abort.signal);
    const peer = await stream.server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header());
    await peer.expect(/<handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e<\/handshake>/);
    peer.send('<handshake/>');
    await started;
  });

  test('114-03 nothing is written before the handshake is answered', async () => {
    const started = stream.one.component.start(stream.abort.signal);
    const peer = await stream.server.accept();
    expect(stream.one.component.write('<presence/>')).toBe(false);
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header());
    await peer.expect(/<\/handshake>/);
    expect(stream.one.component.write('<presence/>')).toBe(false);
    expect(stream.one.component.up).toBe(false);
    peer.send('<handshake/>');
    await started;
    stream.one.component.write('<iq/>');
    await peer.expect(/<iq\/>$/);
    expect(peer.received).not.toContain('presence');
  });

  test('114-05 header and handshake arrive in single bytes, stanzas in the same segment as the handshake', async () => {
    const started = stream.one.component.start(stream.abort.signal);
    const peer = await stream.server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    for (const character of header()) {
      peer.send(character);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await peer.expect(/<\/handshake>/);
    peer.send(`<handshake/>${body('one')}${body('two')}`);
    await started;
    await stream.one.until(() => stream.one.stanzas.length === 2);
    expect(stream.one.stanzas.map((stanza) => stanza.children[0])).toEqual([
      expect.objectContaining({ name: 'body', children: ['one'] }),
      expect.objectContaining({ name: 'body', children: ['two'] }),
    ]);
  });

  test('114-05 a character cut by a read is whole', async () => {
    const peer = await stream.connected();
    for (const byte of Buffer.from(body('h😀é'))) {
      peer.socket.write(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await stream.one.until(() => stream.one.stanzas.length === 1);
    expect(stream.one.stanzas[0]?.children[0]).toMatchObject({ children: ['h😀é'] });
  });

  test('114-06 a server that accepts and says nothing is left with what to look at, and tried again', async () => {
    const started = stream.one.component.start(stream.abort.signal);
    for (let nth = 1; nth <= 3; nth++) {
      const peer = nth === 1 ? await stream.server.accept() : await stream.next(nth - 1);
      await peer.expect(/<stream:stream [^>]*>/);
      stream.one.clock.advance(10_000);
      await peer.closed();
    }
    const peer = await stream.next(3);
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header());
    await peer.expect(/<\/handshake>/);
    stream.one.clock.advance(10_000);
    await peer.closed();
    await (await stream.next(4)).shakeHands();
    await started;
    expect(stream.one.ups).toBe(1);
    const reasons = stream.one.logged.filter(({ level }) => level === 'warn').map(({ fields }) => fields.reason);
    const silent = expect.stringMatching(/says nothing.*compare xmpp\.port and xmpp\.tls/);
    expect(reasons).toEqual([silent, silent, silent, 'no handshake in time']);
  });

  test.each([
    header().replace('component:accept', 'client'),
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    "-ERR unknown command '<?xml'\r\n",
  ])('a port that is not for components is told as that: %s', async (answer) => {
    const started = stream.one.component.start(stream.abort.signal);
    const peer = await stream.server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(answer);
    await peer.closed();
    await (await stream.next(1)).shakeHands();
    await started;
    expect(stream.one.logged.find(({ level }) => level === 'warn')?.fields.reason).toMatch(
      /^what answers there is no port for components: compare xmpp.port/,
    );
  });

  test('114-06 a server that is not there is tried again', async () => {
    const { port } = stream.server;
    await stream.server.close();
    stream.with({ port });
    const started = stream.one.component.start(stream.abort.signal);
    await stream.one.clock.slept(2 - 1);
    stream.server = await FakeServer.listen();
    stream.one.clock.advance(60_000);
    await stream.one.clock.slept(2);
    stream.abort.abort(new Error('enough'));
    await expect(started).rejects.toThrow('enough');
  });
});
