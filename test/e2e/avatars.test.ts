/** Pictures over real servers: what one user publishes, the other sees on the network, as an occupant and as a contact. */
import { describe, expect, test } from 'vitest';
import type { Picture } from '../../src/core/picture.ts';
import { capsVer } from '../../src/xmpp/xep/0115-caps.ts';
import { overTcp } from '../harness/client-socket.ts';
import { hasEjabberd, startEjabberd } from '../harness/ejabberd.ts';
import { startGateway } from '../harness/gateway.ts';
import { child, textOf } from '../harness/markup.ts';
import { base64, png, sha1 } from '../harness/pictures.ts';
import { present } from '../harness/present.ts';
import { startProsody } from '../harness/prosody.ts';
import { connectXmpp, type XmppClient } from '../harness/xmpp-client.ts';

const [password, secret] = ['pw', 'a secret of the tests'];
const gateway = 'fake.localhost';
const [room, contact] = [`#verona@${gateway}`, `romeo@${gateway}`];
const [rose, thorn] = [png(1, 64), png(2, 64)];
const metadata = 'urn:xmpp:avatar:metadata';

const startServer = {
  prosody: startProsody,
  ejabberd: (options: Parameters<typeof startProsody>[0]) =>
    startEjabberd({ ...options, modules: { mod_pubsub: { plugins: ['flat', 'pep'] }, mod_vcard: {} } }),
} as const;

async function publishes({ ask }: { ask(iq: string): Promise<unknown> }, picture: Picture): Promise<void> {
  const id = sha1(picture);
  const publish = (node: string, payload: string) =>
    ask(
      `<iq type='set'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='${node}'><item id='${id}'>${payload}</item></publish></pubsub></iq>`,
    );
  await publish('urn:xmpp:avatar:data', `<data xmlns='urn:xmpp:avatar:data'>${base64(picture)}</data>`);
  const info = `<info bytes='${picture.bytes.length}' id='${id}' type='image/png' width='64' height='64'/>`;
  await publish(metadata, `<metadata xmlns='${metadata}'>${info}</metadata>`);
}

const photo = (picture: Picture): string => `<x xmlns='vcard-temp:x:update'><photo>${sha1(picture)}</photo></x>`;

/** Each in the other's contact list. */
async function befriends(client: XmppClient, whom: string): Promise<void> {
  client.send(`<presence type='subscribe' to='${whom}'/>`);
  await client.receive(`<presence type='subscribe' from='${whom}'/>`);
  client.send(`<presence type='subscribed' to='${whom}'/>`);
}

/** Its capabilities ask for the pictures of contacts. */
function wantsPictures(client: XmppClient): void {
  const features = ['http://jabber.org/protocol/caps', 'http://jabber.org/protocol/disco#info', `${metadata}+notify`];
  const ver = capsVer({ identities: [{ category: 'client', type: 'pc' }], features });
  const all = features.map((one) => `<feature var='${one}'/>`).join('');
  const info = `<query xmlns='http://jabber.org/protocol/disco#info' node='https://client.test#${ver}'><identity category='client' type='pc'/>${all}</query>`;
  client.says.set('http://jabber.org/protocol/disco#info', info);
  client.send(
    `<presence><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.test' ver='${ver}'/></presence>`,
  );
}

const eventOf = (picture: Picture): string =>
  `<message type='headline' from='${contact}'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${metadata}'><item id='${sha1(picture)}'/></items></event></message>`;

async function photoOnCard(client: XmppClient, of: string): Promise<string> {
  const answer = await client.ask(`<iq type='get' to='${of}'><vCard xmlns='vcard-temp'/></iq>`);
  return textOf(child(child(child(answer, 'vCard'), 'PHOTO'), 'BINVAL'));
}

describe.each(['prosody', 'ejabberd'] as const)('%s', (name) => {
  test.skipIf(name === 'ejabberd' && !hasEjabberd())(
    '084-10 153-01 153-04 163-01 054-01 398-01 what one user publishes the other sees: by hash, as events and on cards',
    async () => {
      const users = { romeo: password, juliet: password };
      await using server = await startServer[name]({ components: { [gateway]: secret }, users });
      await using _running = await startGateway({
        componentPort: server.componentPort,
        components: { [gateway]: secret },
        roles: ['all'],
        redis: 'private',
        use: 'fake',
        irc: {},
        allow: [server.domain],
      });
      const way = overTcp({ port: server.port, password });
      const [romeo, juliet] = await Promise.all(
        ['romeo', 'juliet'].map((user) => connectXmpp({ user, domain: server.domain, resource: 'desk' }, way)),
      );
      if (romeo === undefined || juliet === undefined) throw new Error('two of them');
      await publishes({ ask: (iq) => romeo.ask(iq) }, rose);
      await befriends(romeo, gateway);
      romeo.send(`<message type='chat' to='${gateway}'><body>configure share_avatar true</body></message>`);
      await romeo.receive(`<message from='${gateway}'><body/></message>`);
      await juliet.join(room, 'juliet');
      await romeo.join(room, 'romeo');
      await juliet.receive(`<presence from='${room}/romeo'>${photo(rose)}</presence>`);
      expect(await photoOnCard(juliet, `${room}/romeo`)).toBe(base64(rose));

      await befriends(juliet, contact);
      await juliet.receive(`<presence from='${present(contact)}'>${photo(rose)}</presence>`);
      wantsPictures(juliet);
      await juliet.receive(eventOf(rose));
      expect(await photoOnCard(juliet, contact)).toBe(base64(rose));
      const data = `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:avatar:data'><item id='${sha1(rose)}'/></items></pubsub>`;
      const got = await juliet.ask(`<iq type='get' to='${contact}'>${data}</iq>`);
      expect(textOf(child(child(child(child(got, 'pubsub'), 'items'), 'item'), 'data'))).toBe(base64(rose));

      await publishes({ ask: (iq) => romeo.ask(iq) }, thorn);
      // ejabberd 23.01 has no events for components: there the presence that clients send with another picture says so.
      if (name === 'ejabberd') romeo.send(`<presence to='${room}/romeo'>${photo(thorn)}</presence>`);
      await juliet.receive(`<presence from='${present(contact)}'>${photo(thorn)}</presence>`);
      await juliet.receive(eventOf(thorn));

      await Promise.all([romeo.close(), juliet.close()]);
    },
    120_000,
  );
});
