/** Barriers and requests of our own: who may answer them, and what silence means. */
import { describe, expect, test } from 'vitest';
import { xml } from '../../../../src/xml/writer.ts';
import { DOMAIN, type Peer } from './fake-server.ts';
import { useStream } from './scripted-stream.ts';

const stream = useStream();

describe('barrier and requests', () => {
  const loop = async (peer: Peer): Promise<string> => {
    const [whole] = await peer.expect(/<iq type='get' id='barrier-[^>]*><ping xmlns='urn:xmpp:ping'\/><\/iq>/);
    return whole;
  };

  test('a barrier comes behind what was written; one ping is in flight, the others share the next', async () => {
    const peer = await stream.connected();
    stream.one.component.write('<message/>');
    const first = stream.one.component.barrier();
    const later = [stream.one.component.barrier(), stream.one.component.barrier()];
    const ping = await loop(peer);
    expect(peer.received.indexOf('<message/>')).toBeLessThan(peer.received.indexOf(ping));
    expect(peer.received.match(/barrier-/g)).toHaveLength(1);
    peer.send(ping);
    await first;
    peer.send(await loop(peer));
    await Promise.all(later);
    expect(peer.received.match(/barrier-/g)).toHaveLength(2);
    expect(stream.one.stanzas).toEqual([]);
  });

  test('a barrier fails with the stream, and while there is none', async () => {
    await expect(stream.one.component.barrier()).rejects.toThrow('down');
    const peer = await stream.connected();
    const waiting = [stream.one.component.barrier(), stream.one.component.barrier()];
    peer.socket.destroy();
    for (const each of await Promise.allSettled(waiting)) expect(each.status).toBe('rejected');
  });

  const ask = (): Promise<unknown> =>
    stream.one.component
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
    const peer = await stream.connected();
    const answer = ask();
    const id = await asked(peer);
    peer.send(`<iq type='result' id='${id}' from='evil@example.org' to='${DOMAIN}'/>`);
    peer.send(`<iq type='result' id='guess' from='user@example.org' to='${DOMAIN}'/>`);
    peer.send(
      `<iq type='error' id='${id}' from='user@example.org' to='${DOMAIN}'><error type='auth'><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>no</text><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
    );
    expect(await answer).toBe('forbidden');
    expect(stream.one.stanzas.map(({ attrs }) => attrs.from)).toEqual(['evil@example.org', 'user@example.org']);
  });

  test('a result resolves; silence and a lost stream are remote-server-timeout', async () => {
    const peer = await stream.connected();
    const first = ask();
    peer.send(`<iq type='result' id='${await asked(peer)}' from='user@example.org' to='${DOMAIN}'/>`);
    expect(await first).toBe('result');
    const second = ask();
    await asked(peer);
    stream.one.clock.advance(5_000);
    expect(await second).toBe('remote-server-timeout');
    const third = ask();
    peer.socket.destroy();
    expect(await third).toBe('remote-server-timeout');
    expect(await ask()).toBe('remote-server-timeout');
  });

  test('114-31 a request from a foreign address is refused and leaves nothing behind', async () => {
    const peer = await stream.connected();
    await expect(
      stream.one.component.request({ to: 'a@b', from: 'evil.example', type: 'get', body: xml`<a/>` }, 1_000),
    ).rejects.toThrow('from outside');
    stream.one.component.write('<end/>');
    await peer.expect(/<end\/>/);
    expect(peer.received).not.toContain('evil');
  });
});
