/** What is read from the stream and written to it: limits, junk, back-pressure, idleness, the end. */
import { describe, expect, test } from 'vitest';
import { DOMAIN } from './fake-server.ts';
import { body, useStream } from './scripted-stream.ts';

const stream = useStream();

describe('reading', () => {
  test('114-40 114-41 white space and junk between stanzas mean nothing', async () => {
    const peer = await stream.connected();
    peer.send(` ${body('one')} \n308\n${body('two')}&#33; `);
    await stream.one.until(() => stream.one.stanzas.length === 2);
    expect(stream.one.downs).toEqual([]);
  });

  test('114-43 a stanza beyond the limits is reported and passed over, the stream goes on', async () => {
    const peer = await stream.connected();
    peer.send(
      `<message from='a@example.org/x' to='${DOMAIN}' id='big'><body>${'x'.repeat(600_000)}</body></message>${body('after')}`,
    );
    peer.send(
      `<iq type='get' from='b@example.org' to='${DOMAIN}' id='deep'>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</iq>${body('again')}`,
    );
    await stream.one.until(() => stream.one.stanzas.length === 2);
    expect(stream.one.oversized.map(({ name, attrs }) => [name, attrs.id, attrs.from])).toEqual([
      ['message', 'big', 'a@example.org/x'],
      ['iq', 'deep', 'b@example.org'],
    ]);
    expect(stream.one.downs).toEqual([]);
  });

  test.each([
    ['an undefined entity', '<message>&nbsp;</message>'],
    ['a reference to a control character', '<message>&#2;</message>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "cc">]>'],
    ['a comment', '<!-- -->'],
    ['mismatched tags', '<message></presence>'],
  ])('114-16 %s from the server ends the link, not the process, and the next one works', async (_, text) => {
    const peer = await stream.connected();
    peer.send(text + body('lost'));
    await peer.closed();
    const again = await stream.next(1);
    await again.shakeHands();
    again.send(body('kept'));
    await stream.one.until(() => stream.one.stanzas.length === 1);
    expect(stream.one.stanzas[0]?.children[0]).toMatchObject({ children: ['kept'] });
  });

  test('an address that is no JID, and a handler that throws, harm nobody', async () => {
    stream.with({
      onStanza: () => {
        if (stream.one.stanzas.length === 1) throw new Error('a bug');
      },
    });
    const peer = await stream.connected();
    peer.send(`<message from='foo@' to='@@'/>${body('two')}`);
    await stream.one.until(() => stream.one.stanzas.length === 2);
    expect(stream.one.logged.some(({ message }) => message.startsWith('onStanza threw'))).toBe(true);
    expect(stream.one.component.up).toBe(true);
    expect(stream.one.stanzas).toHaveLength(2);
  });
});

describe('writing', () => {
  test('114-34 what is written in one turn goes out in order', async () => {
    const peer = await stream.connected();
    const parts = Array.from({ length: 500 }, (_, i) => `<message id='m${i}'/>`);
    for (const part of parts) stream.one.component.write(part);
    await peer.expect(/m499'\/>/);
    expect(peer.received.trimEnd().endsWith(parts.join(''))).toBe(true);
  });

  test('a peer that does not read: no room, and room again when it does', async () => {
    const peer = await stream.connected();
    peer.socket.pause();
    const text = `<message>${'x'.repeat(60_000)}</message>`;
    let written = 0;
    while (stream.one.component.write(text)) {
      written++;
      expect(written).toBeLessThan(1000);
      if (written % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    let room = false;
    const drained = stream.one.component.drained().then(() => {
      room = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(room).toBe(false);
    peer.socket.resume();
    await drained;
    expect(stream.one.component.write('<iq/>')).toBe(true);
  });

  test('drained while down resolves when up again', async () => {
    const peer = await stream.connected();
    peer.socket.destroy();
    await stream.one.until(() => stream.one.downs.length === 1);
    expect(stream.one.component.write('x')).toBe(false);
    const drained = stream.one.component.drained();
    await (await stream.next(1)).shakeHands();
    await drained;
    expect(stream.one.component.up).toBe(true);
  });

  test('114-50 a space a minute while idle, and a dead server is found out', async () => {
    const peer = await stream.connected();
    stream.one.clock.advance(55_000);
    await peer.expect(/ $/);
    stream.one.clock.advance(55_000);
    await peer.expect(/<ping xmlns='urn:xmpp:ping'\/>/);
    stream.one.clock.advance(60_000);
    await peer.closed();
    expect(stream.one.downs).toEqual(['the server does not answer']);
    await (await stream.next(1)).shakeHands();
    await stream.one.until(() => stream.one.ups === 2);
  });

  test('114-52 stop flushes, ends the stream and waits for the peer', async () => {
    const peer = await stream.connected();
    stream.one.component.write('<presence/>');
    const stopped = stream.one.component.stop();
    await peer.expect(/<presence\/><\/stream:stream>$/);
    peer.socket.end('</stream:stream>');
    await stopped;
    expect(stream.one.component.up).toBe(false);
    await peer.closed();
  });

  test('114-52 stop does not wait for ever', async () => {
    const peer = await stream.connected();
    const stopped = stream.one.component.stop();
    await peer.expect(/<\/stream:stream>$/);
    stream.one.clock.advance(2_000);
    await stopped;
  });
});
