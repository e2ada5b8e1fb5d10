/**
 * The fake network's contact lists in those of real servers: Prosody with mod_privilege, which lets us set them and write in users' names; ejabberd with its
 * own, which lets us read them and passes such messages on; and both without. The network is played by "/play …" in a room (bridges/fake/script.ts).
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overTcp } from '../harness/client-socket.ts';
import { hasEjabberd, startEjabberd } from '../harness/ejabberd.ts';
import { type Role, startGateway } from '../harness/gateway.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { startProsody } from '../harness/prosody.ts';
import { startRedis } from '../harness/redis.ts';
import { connectXmpp, type XmppClient } from '../harness/xmpp-client.ts';

const domain = 'net.localhost';
const room = `#verona@${domain}`;
const juliet = `juliet@${domain}`;
const password = 'pw';
const bookmarks = 'urn:xmpp:bookmarks:1';
const names = ['romeo1', 'romeo2', 'romeo3', 'romeo4', 'romeo5'];

type Server = 'prosody' | 'ejabberd';

interface Net extends AsyncDisposable {
  client(user: string, resource: string): Promise<XmppClient>;
  restart(): Promise<void>;
}

async function startNet(server: Server, isPrivileged: boolean, roles: readonly Role[]): Promise<Net> {
  await using starting = new AsyncDisposableStack();
  const start = server === 'prosody' ? startProsody : startEjabberd;
  const components = { [domain]: 'secret' };
  const users = Object.fromEntries(names.map((name) => [name, password]));
  const privileges = isPrivileged ? { privileged: [domain], overheard: true } : {};
  const xmpp = starting.use(await start({ components, users, ...privileges }));
  const redis = roles.includes('all') ? undefined : starting.use(await startRedis());
  const gateway = starting.use(
    await startGateway({
      componentPort: xmpp.componentPort,
      components,
      roles,
      redis: redis?.url ?? 'private',
      use: 'fake',
      irc: {},
      allow: [xmpp.domain],
    }),
  );
  const way = overTcp({ port: xmpp.port, password });
  const running = starting.move();
  return {
    client: (user, resource) => connectXmpp({ user, domain: xmpp.domain, resource }, way),
    async restart() {
      await gateway.stop();
      await gateway.start();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Online, with a look at the contact list, and on the network by way of a room. */
async function comes(net: Net, user: string, resource = 'desk'): Promise<XmppClient> {
  const client = await net.client(user, resource);
  await client.ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
  await client.ask("<iq type='set'><enable xmlns='urn:xmpp:carbons:2'/></iq>");
  await client.join(room, user);
  return client;
}

async function plays(client: XmppClient, line: string): Promise<void> {
  const id = line.replace(/\W/g, '-');
  client.send(`<message type='groupchat' to='${room}' id='${id}'><body>/play ${line}</body></message>`);
  await client.receive((one) => one.name === 'message' && textOf(child(one, 'body')) === 'Done');
}

/** Prosody hands on what every client of the host shows, the gateway's or not. */
const answersItsContactsAlone = (net: () => Net): void => {
  test('356-30 100-18 of all whose presence the server tells, only who has the gateway as a contact is answered', async () => {
    const told = `<presence from='${present(domain)}'/>`;
    const desk = await net().client('romeo5', 'desk');
    desk.send('<presence><show>away</show></presence>');
    await desk.roundtrip(domain);
    expect(desk.seen(told)).toEqual([]);
    desk.send(`<presence type='subscribe' to='${domain}'/>`);
    await desk.receive(told);
    const phone = await net().client('romeo5', 'phone');
    await phone.receive(told);
    await Promise.all([desk.close(), phone.close()]);
  });
};

/** The entry that the server has just told of. */
async function pushed(
  client: XmppClient,
  subscription: string,
): Promise<{ name?: string | undefined; groups: readonly string[] }> {
  const isIt = (one: Parameters<Extract<Parameters<XmppClient['receive']>[0], (...args: never[]) => boolean>>[0]) => {
    const item = child(child(one, 'query', 'jabber:iq:roster'), 'item');
    return item?.attrs.jid === juliet && item.attrs.subscription === subscription;
  };
  const item = child(child(await client.receive(isIt), 'query'), 'item');
  return { name: item?.attrs.name, groups: childrenOf(item, 'group').map(textOf) };
}

/** The other clients are told what the owner has sent, or what the server says that they have. */
const sentCopy = (to: string, text: string) =>
  `<message><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' to='${to}'><body>${text}</body></message></forwarded></sent></message>`;

function withNet(
  name: string,
  server: Server,
  isPrivileged: boolean,
  play: (net: () => Net) => void,
  roles: readonly Role[] = ['all'],
): void {
  describe.skipIf(server === 'ejabberd' && !hasEjabberd())(name, () => {
    let net: Net | undefined;
    beforeAll(async () => {
      net = await startNet(server, isPrivileged, roles);
    });
    afterAll(async () => {
      await net?.[Symbol.asyncDispose]();
    });
    play(() => {
      if (net === undefined) throw new Error('it did not start');
      return net;
    });
  });
}

withNet('Prosody with mod_privilege', 'prosody', true, (net) => {
  answersItsContactsAlone(net);

  test('356-01 356-11 356-12 ROS-22 people come into the contact list silently, with name and headings, are shown as they are, and go', async () => {
    const romeo = await comes(net(), 'romeo1');
    await plays(romeo, 'LIST juliet Verona');
    expect(await pushed(romeo, 'both')).toEqual({ name: 'juliet', groups: ['Verona'] });
    await plays(romeo, 'SHOW juliet away on the balcony');
    await romeo.receive(
      `<presence from='${present(juliet)}'><show>away</show><status>on the balcony</status></presence>`,
    );
    await plays(romeo, 'CALL juliet Juliet Capulet');
    expect(await pushed(romeo, 'both')).toEqual({ name: 'Juliet Capulet', groups: ['Verona'] });
    await plays(romeo, 'UNLIST juliet');
    await pushed(romeo, 'remove');
    expect(romeo.seen(`<presence type='subscribe' from='${juliet}'/>`)).toEqual([]);
    await romeo.close();
  });

  test('356-20 356-21 what one writes elsewhere is in the archive and with all of one’s clients, and goes no further', async () => {
    const romeo = await comes(net(), 'romeo2');
    const phone = await comes(net(), 'romeo2', 'phone');
    await plays(romeo, 'SELF juliet It is the east');
    await romeo.receive(sentCopy(juliet, 'It is the east'));
    await phone.receive(sentCopy(juliet, 'It is the east'));
    await romeo.ask(
      `<iq type='set'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>urn:xmpp:mam:2</value></field><field var='with'><value>${juliet}</value></field></x></query></iq>`,
    );
    const kept = romeo.seen("<message><result xmlns='urn:xmpp:mam:2'/></message>");
    expect(kept).toHaveLength(1);
    // Had it gone to the network, nobody of that name would be there.
    await romeo.roundtrip(domain);
    expect(romeo.seen(`<message type='error' from='${juliet}'/>`)).toEqual([]);
    await Promise.all([romeo.close(), phone.close()]);
  });

  test('356-40 402-01 402-02 402-03 rooms of one’s own come into one’s bookmarks beside those that are there, and go', async () => {
    const romeo = await comes(net(), 'romeo1', 'phone');
    const pubsub = (inside: string) =>
      `<iq type='set'><pubsub xmlns='http://jabber.org/protocol/pubsub'>${inside}</pubsub></iq>`;
    const home = "<conference xmlns='urn:xmpp:bookmarks:1' name='Home'/>";
    const options = [
      'persist_items=true',
      'max_items=max',
      'send_last_published_item=never',
      'access_model=whitelist',
    ].map((one) => `<field var='pubsub#${one.split('=')[0]}'><value>${one.split('=')[1]}</value></field>`);
    await romeo.ask(
      pubsub(
        `<publish node='${bookmarks}'><item id='home@muc.localhost'>${home}</item></publish><publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>${options.join('')}</x></publish-options>`,
      ),
    );
    await romeo.ask(pubsub(`<subscribe node='${bookmarks}' jid='${romeo.jid}'/>`));
    const told = (inside: string) =>
      `<message><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${bookmarks}'>${inside}</items></event></message>`;
    const mantua = `#mantua@${domain}`;
    await plays(romeo, 'PLACE #mantua Mantua');
    await romeo.receive(
      told(
        `<item id='${mantua}'><conference xmlns='${bookmarks}' name='Mantua' autojoin='true'><nick>romeo1</nick></conference></item>`,
      ),
    );
    expect(romeo.seen(`<message from='${mantua}'/>`)).toEqual([]);
    await plays(romeo, 'BAN #mantua');
    await romeo.receive(told(`<retract id='${mantua}'/>`));
    await romeo.close();
  });

  test('ROS-20 ROS-23 whoever is taken out of the contact list goes from the network’s list, for good', async () => {
    const romeo = await comes(net(), 'romeo3');
    await plays(romeo, 'LIST juliet');
    await pushed(romeo, 'both');
    await romeo.ask(
      `<iq type='set'><query xmlns='jabber:iq:roster'><item jid='${juliet}' subscription='remove'/></query></iq>`,
    );
    await pushed(romeo, 'remove');
    await plays(romeo, 'SHOW juliet online');
    // On the list once more only if it had been gone, which nobody tells.
    const again = pushed(romeo, 'both');
    const stop = new AbortController();
    const listing = (async () => {
      for (let i = 1; !stop.signal.aborted; i++) await plays(romeo, `LIST juliet Again ${i}`);
    })();
    const groups = [expect.stringMatching(/^Again \d+$/)];
    expect(await again.finally(() => stop.abort())).toEqual({ name: 'juliet', groups });
    await listing;
    await romeo.close();
  });
});

withNet(
  'Prosody with mod_privilege, an edge and two workers',
  'prosody',
  true,
  (net) => {
    answersItsContactsAlone(net);

    test('356-01 356-10 356-20 what the server lets us do and answers reaches the worker that has the account', async () => {
      const romeo = await comes(net(), 'romeo4');
      await plays(romeo, 'LIST juliet Verona');
      expect(await pushed(romeo, 'both')).toEqual({ name: 'juliet', groups: ['Verona'] });
      await plays(romeo, 'SELF juliet It is the east');
      await romeo.receive(sentCopy(juliet, 'It is the east'));
      await romeo.close();
    });
  },
  ['edge', 'worker', 'worker'],
);

withNet('ejabberd with mod_privilege', 'ejabberd', true, (net) => {
  test('356-02 356-13 ROS-10 people are asked for by name, and nothing is set', async () => {
    const romeo = await comes(net(), 'romeo1');
    await plays(romeo, 'LIST juliet Verona');
    const asked = await romeo.receive(`<presence type='subscribe' from='${juliet}'/>`);
    expect(textOf(child(asked, 'nick'))).toBe('juliet');
    romeo.send(`<presence type='subscribed' to='${juliet}'/><presence type='subscribe' to='${juliet}'/>`);
    await plays(romeo, 'SHOW juliet away on the balcony');
    await romeo.receive(`<presence from='${present(juliet)}'><show>away</show></presence>`);
    await pushed(romeo, 'both');
    await plays(romeo, 'UNLIST juliet');
    await pushed(romeo, 'none');
    await romeo.close();
  });

  test('356-41 402-04 into rooms of one’s own one is invited', async () => {
    const romeo = await comes(net(), 'romeo3');
    await plays(romeo, 'PLACE #mantua Mantua');
    await romeo.receive(`<message><x xmlns='jabber:x:conference' jid='#mantua@${domain}'/></message>`);
    await romeo.close();
  });

  test('356-22 what one writes elsewhere is with all of one’s clients', async () => {
    const romeo = await comes(net(), 'romeo2');
    const phone = await comes(net(), 'romeo2', 'phone');
    await plays(romeo, 'SELF juliet It is the east');
    for (const client of [romeo, phone]) await client.receive(sentCopy(juliet, 'It is the east'));
    await Promise.all([romeo.close(), phone.close()]);
  });
});

for (const server of ['prosody', 'ejabberd'] as const)
  withNet(`${server} without privileges`, server, false, (net) => {
    test('356-05 280-02 ROS-30 people are asked for, and what one writes elsewhere is not shown', async () => {
      const romeo = await comes(net(), 'romeo1');
      await plays(romeo, 'LIST juliet');
      await romeo.receive(`<presence type='subscribe' from='${juliet}'/>`);
      await plays(romeo, 'SELF juliet It is the east');
      await romeo.roundtrip(domain);
      expect(romeo.seen(sentCopy(juliet, 'It is the east'))).toEqual([]);
      await romeo.close();
    });
  });
