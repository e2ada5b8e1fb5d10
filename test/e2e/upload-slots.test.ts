/** Long texts on the upload services of real servers (XEP-0363): Prosody's takes what its components bring, in their users' names where it lets them; ejabberd's only by an access rule. */
import { describe, expect, test } from 'vitest';
import { overTcp } from '../harness/client-socket.ts';
import { hasEjabberd, startEjabberd } from '../harness/ejabberd.ts';
import { startGateway } from '../harness/gateway.ts';
import { bodyOf, child, conditionOf, textOf } from '../harness/markup.ts';
import type { Prosody } from '../harness/prosody.ts';
import { startProsody } from '../harness/prosody.ts';
import { connectXmpp, type XmppClient } from '../harness/xmpp-client.ts';

const domain = 'net.localhost';
const room = `#verona@${domain}`;
const password = 'pw';
const poem = ['But soft', 'what light', 'breaks? “ü” 🙂'].join('\n');
const components = { [domain]: 'secret' };
const users = { romeo: password, juliet: password };
const shares = `http_default_host = "upload.localhost"
Component "upload.localhost" "http_file_share"
  http_host = "127.0.0.1"
  http_file_share_size_limit = 1000`;

interface Pair {
  readonly romeo: XmppClient;
  readonly juliet: XmppClient;
}

async function withPair(xmpp: Prosody, play: (pair: Pair) => Promise<void>): Promise<void> {
  await using gateway = await startGateway({
    componentPort: xmpp.componentPort,
    components,
    roles: ['all'],
    redis: 'private',
    use: 'fake',
    irc: { maxLines: 2 },
    allow: [xmpp.domain],
    uploads: 'server-anywhere',
  });
  expect(gateway.members).toHaveLength(1);
  const way = overTcp({ port: xmpp.port, password });
  const [romeo, juliet] = await Promise.all(
    ['romeo', 'juliet'].map((user) => connectXmpp({ user, domain: xmpp.domain, resource: 'desk' }, way)),
  );
  if (romeo === undefined || juliet === undefined) throw new Error('nobody came');
  await romeo.join(room, 'romeo');
  await juliet.join(room, 'juliet');
  await play({ romeo, juliet });
  await Promise.all([romeo.close(), juliet.close()]);
}

const says = (client: XmppClient, id: string, text: string): void =>
  client.send(`<message type='groupchat' to='${room}' id='${id}'><body>${text}</body></message>`);

describe.each([true, false])('Prosody, with privileges: %s', (isPrivileged) => {
  test('363-01 363-02 363-03 what is too long lies with its user’s server; what that does not take is refused', async () => {
    await using xmpp = await startProsody({
      ...{ components, users, extra: shares },
      ...(isPrivileged && { privileged: [domain] }),
    });
    await withPair(xmpp, async ({ romeo, juliet }) => {
      says(romeo, 'm1', poem);
      const got = await juliet.receive((one) => child(one, 'x', 'jabber:x:oob') !== undefined);
      expect(bodyOf(got)).toEqual(expect.stringMatching(/^But soft …/));
      const url = textOf(child(child(got, 'x', 'jabber:x:oob'), 'url'));
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      expect([answer.status, await answer.text()]).toEqual([200, poem]);
      expect(answer.headers.get('content-type')).toEqual(expect.stringMatching(/^text\/plain/));
      says(romeo, 'm2', `${poem}\n${'a'.repeat(1000)}`);
      const error = await romeo.receive("<message type='error' id='m2'/>");
      expect(conditionOf(error)).toBe('not-acceptable');
    });
  });
});

describe.skipIf(!hasEjabberd())('ejabberd', () => {
  test('15.3 363-03 363-05 whose access rule has no place for components, refuses, and so do we', async () => {
    const modules = { mod_http_upload: { put_url: 'http://127.0.0.1:1/upload' } };
    await using xmpp = await startEjabberd({ components, users, modules });
    await withPair(xmpp, async ({ romeo, juliet }) => {
      says(romeo, 'm1', poem);
      const error = await romeo.receive("<message type='error' id='m1'/>");
      expect(conditionOf(error)).toBe('not-acceptable');
      says(romeo, 'm2', 'short');
      await juliet.receive('<message><body>short</body></message>');
    });
  });
});
