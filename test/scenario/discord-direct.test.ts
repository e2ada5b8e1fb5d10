/** Conversations of two with a bot on Discord: said both ways, and made up for where the bot was away. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Guild } from '../harness/discord/state.ts';
import { bodyOf, child, childrenOf, conditionOf, show, textOf } from '../harness/markup.ts';
import { submit } from '../harness/requests.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';
import { createDiscordUsers, type DiscordUsers } from './discord-users.ts';

let users: DiscordUsers;
let guild: Guild;

beforeAll(async () => {
  users = await createDiscordUsers();
  guild = users.scene.guild('Verona', users.scene.user('owner'));
});
afterAll(() => users.end());

const contactOf = ({ id }: { readonly id: string }): string => `${id}@${users.domain}`;

/** Somebody of the guild. */
function member(name: string) {
  const user = users.scene.user(`${name.toLowerCase()}${users.next()}`, { global_name: name });
  users.scene.join(user, guild);
  return user;
}

/** Somebody with a bot of their own. */
async function loggedIn() {
  const own = users.scene.bot(`bot${users.next()}`);
  users.scene.invite(own, guild);
  const { client } = await users.loggedIn(own);
  return { client, own };
}

test('MSG-01 184-01 a conversation of two', async () => {
  const { client, own } = await loggedIn();
  const { scene } = users;
  const ann = member('Ann');
  scene.whisper(ann, own, 'psst');
  await client.receive(`<message type='chat'><body>psst</body></message>`);
  client.send(
    `<message type='chat' id='m1' to='${contactOf(ann)}'><body>yes?</body><request xmlns='urn:xmpp:receipts'/></message>`,
  );
  await client.receive(`<message><received xmlns='urn:xmpp:receipts' id='m1'/></message>`);
  expect(scene.messages(scene.conversation(ann, own)).map(({ data }) => data.content)).toEqual(['psst', 'yes?']);
});

const outages = {
  'while the gateway is stopped': async (said: () => void) => {
    const release = users.world.discord.hold();
    said();
    await users.world.restart();
    release();
  },
  'while Discord keeps nothing for the bot': async (said: () => void) => {
    users.world.discord.invalidate(false);
    said();
  },
};

test.each(Object.entries(outages))(
  'MSG-01 203-01 what is said to the bot %s comes late, in order, with its stamps, once',
  async (_, passes) => {
    const { client, own } = await loggedIn();
    const { scene } = users;
    const [ann, ben] = [member('Ann'), member('Ben')];
    scene.whisper(ann, own, 'one');
    await client.receive(`<message type='chat'><body>one</body></message>`);
    const asked = `<request xmlns='urn:xmpp:receipts'/>`;
    client.send(`<message type='chat' id='m1' to='${contactOf(ben)}'><body>hello</body>${asked}</message>`);
    await client.receive(`<message><received xmlns='urn:xmpp:receipts' id='m1'/></message>`);
    const since = client.inbox.all.length;
    const stamps: string[] = [];
    await passes(() => {
      for (const text of ['two', 'three']) {
        const { data } = scene.whisper(ann, own, text);
        stamps.push(new Date(data.timestamp).toISOString());
      }
      scene.whisper(ben, own, 'to you');
    });
    for (const text of ['three', 'to you']) await client.receive(`<message type='chat'><body>${text}</body></message>`);
    await users.world.restart();
    scene.whisper(ann, own, 'four');
    await client.receive(`<message type='chat'><body>four</body></message>`);
    const came = client.seen(`<message type='chat'><body/></message>`, since);
    const from = (who: { readonly id: string }) => came.filter(({ attrs }) => attrs.from?.startsWith(who.id) === true);
    expect(from(ann).map(bodyOf)).toEqual(['two', 'three', 'four']);
    expect(from(ben).map(bodyOf)).toEqual(['to you']);
    const late = from(ann).slice(0, 2);
    expect(late.map((one) => child(one, 'delay', 'urn:xmpp:delay')?.attrs.stamp)).toEqual(stamps);
  },
);

const commands = 'http://jabber.org/protocol/commands';

/** A bot that is shared with everybody of the server, and how people write to somebody by it. */
async function shared() {
  const own = users.scene.bot(`herald${users.next()}`);
  users.scene.invite(own, guild);
  const { admin, label } = await users.sharing(own);
  const romeo = await users.jabber(`romeo${users.next()}`);
  const juliet = await users.jabber(`juliet${users.next()}`);
  const jidOf = ({ jid }: XmppClient): string => jid.split('/')[0] ?? '';
  const at = ({ id }: { readonly id: string }): string => `${id}${label}@${users.domain}`;
  const run = async (client: XmppClient, node: string, who: { readonly id: string }, lang = 'en') => {
    const asked = `<iq type='set' xml:lang='${lang}' to='${at(who)}'><command xmlns='${commands}' node='${node}'/></iq>`;
    return client.ask(asked);
  };
  const noteOf = async (...asked: Parameters<typeof run>): Promise<string> =>
    textOf(child(child(await run(...asked), 'command'), 'note'));
  const writes = (client: XmppClient, who: { readonly id: string }, id: string, text: string): void =>
    client.send(`<message type='chat' id='${id}' to='${at(who)}'><body>${text}</body></message>`);
  const onDiscord = (who: Parameters<typeof users.scene.whisper>[0]): readonly string[] =>
    users.scene.messages(users.scene.conversation(who, own)).map(({ data }) => data.content);
  const hears = (client: XmppClient, who: { readonly id: string }, text: string | RegExp) =>
    client.receive(
      (one) => one.attrs.from?.startsWith(at(who)) === true && new RegExp(text).test(bodyOf(one) ?? ''),
      5_000,
    );
  return { own, admin, label, romeo, juliet, jidOf, at, run, noteOf, writes, onDiscord, hears };
}

test('MSG-01 by a shared account two talk once both have agreed, asked from Jabber; nobody else hears it', async () => {
  const { own, admin, romeo, juliet, jidOf, at, noteOf, writes, onDiscord, hears } = await shared();
  const ann = member('Ann');
  const { scene } = users;
  scene.whisper(ann, own, 'is anybody there?');
  await hears(admin, ann, 'is anybody there');
  writes(romeo, ann, 'm1', 'psst');
  const refused = await romeo.receive(`<message type='error' id='m1'/>`);
  expect([conditionOf(refused), show(refused)]).toEqual(['forbidden', expect.stringContaining('command "talk"')]);
  expect(await noteOf(romeo, 'talk', ann)).toContain('They are asked');
  expect(await noteOf(romeo, 'talk', ann, 'de')).toContain('nicht beantwortet');
  expect(await noteOf(juliet, 'talk', ann)).toContain('have not answered');
  expect(onDiscord(ann).at(-1)).toContain(`talk ${jidOf(romeo)}`);
  writes(romeo, ann, 'm2', 'psst');
  expect(conditionOf(await romeo.receive(`<message type='error' id='m2'/>`))).toBe('forbidden');
  scene.whisper(ann, own, `talk ${jidOf(romeo)}`);
  // In the language of what he last asked.
  expect((await hears(romeo, ann, 'möchte das auch')).attrs['xml:lang']).toBe('de');
  writes(romeo, ann, 'm3', 'But soft!');
  await expect.poll(() => onDiscord(ann)).toContain('But soft!');
  scene.whisper(ann, own, 'Ay me!');
  expect((await hears(romeo, ann, 'Ay me!')).attrs.to).toBe(jidOf(romeo));
  expect(await noteOf(juliet, 'talk', ann)).toContain('somebody else');
  writes(admin, ann, 'm4', 'who is there?');
  expect(conditionOf(await admin.receive(`<message type='error' id='m4'/>`))).toBe('forbidden');
  scene.whisper(ann, own, 'stop');
  await hears(romeo, ann, 'hat das Gespräch beendet');
  scene.whisper(ann, own, 'and now?');
  await hears(admin, ann, 'and now');
  const heard = (client: XmppClient) =>
    client
      .seen(`<message type='chat'><body/></message>`)
      .filter(({ attrs }) => attrs.from?.startsWith(at(ann)) === true);
  expect(heard(admin).map(bodyOf)).toEqual(['is anybody there?', 'and now?']);
  expect(heard(juliet)).toEqual([]);
});

test('MSG-01 the same asked from Discord; it outlives a restart, and ends with the command', async () => {
  const { own, admin, romeo, jidOf, noteOf, writes, onDiscord, hears } = await shared();
  const ben = member('Ben');
  const { scene } = users;
  scene.whisper(ben, own, 'talk nobody@elsewhere.test');
  await expect.poll(() => onDiscord(ben).at(-1)).toContain('Nobody called nobody@elsewhere.test');
  scene.whisper(ben, own, `talk ${jidOf(romeo)}`);
  await hears(romeo, ben, 'would like to talk');
  scene.whisper(ben, own, 'hello?');
  await hears(admin, ben, 'hello');
  expect(await noteOf(romeo, 'talk', ben)).toContain('from now on');
  scene.whisper(ben, own, `talk ${jidOf(romeo)}`);
  await expect.poll(() => onDiscord(ben).at(-1)).toContain('You are talking');
  await users.world.restart();
  writes(romeo, ben, 'm1', 'here I am');
  await expect.poll(() => onDiscord(ben)).toContain('here I am');
  scene.whisper(ben, own, 'well met');
  await hears(romeo, ben, 'well met');
  const all = romeo.seen(`<message type='chat'><body/></message>`).map(bodyOf);
  expect(all.filter((text) => text?.startsWith('talk '))).toEqual([]);
  expect(await noteOf(romeo, 'stop-talking', ben)).toContain('It has ended');
  expect(onDiscord(ben).at(-1)).toContain('has ended');
  writes(romeo, ben, 'm2', 'still there?');
  expect(conditionOf(await romeo.receive(`<message type='error' id='m2'/>`))).toBe('forbidden');
});

test('MSG-01 whoever has their data deleted talks with nobody by a shared account any more', async () => {
  const { own, admin, romeo, juliet, jidOf, noteOf, onDiscord, hears } = await shared();
  const [ben, cat] = [member('Ben'), member('Cat')];
  const { scene } = users;
  for (const [client, who] of [
    [romeo, ben],
    [juliet, cat],
  ] as const) {
    expect(await noteOf(client, 'talk', who)).toContain('They are asked');
    scene.whisper(who, own, `talk ${jidOf(client)}`);
    await hears(client, who, 'agrees');
  }
  const asked = `<command xmlns='${commands}' node='delete-my-data'`;
  const form = child(await romeo.ask(`<iq type='set' to='${users.domain}'>${asked}/></iq>`), 'command');
  await romeo.ask(
    `<iq type='set' to='${users.domain}'>${asked} sessionid='${form?.attrs.sessionid}' action='complete'>${submit({ confirm: '1' })}</command></iq>`,
  );
  scene.whisper(ben, own, 'are you there?');
  await hears(admin, ben, 'are you there');
  scene.whisper(cat, own, 'and you?');
  await hears(juliet, cat, 'and you');
  expect(onDiscord(ben).at(-1)).toBe('are you there?');
});

test('050-01 what can be run at somebody’s address: by whoever is admitted to a shared account that, and no more', async () => {
  const { admin, romeo, at, run } = await shared();
  const cat = member('Cat');
  const listed = async (client: XmppClient, to: string): Promise<readonly (string | undefined)[]> => {
    const query = `<query xmlns='http://jabber.org/protocol/disco#items' node='${commands}'/>`;
    const answer = await client.ask(`<iq type='get' to='${to}'>${query}</iq>`);
    return childrenOf(child(answer, 'query'), 'item').map(({ attrs }) => attrs.node);
  };
  expect(await listed(romeo, at(cat))).toEqual(['talk', 'stop-talking']);
  expect(await listed(admin, at(cat))).toEqual(expect.arrayContaining(['talk', 'whois', 'block']));
  expect(await listed(admin, contactOf(cat))).not.toContain('talk');
  expect(conditionOf(await run(romeo, 'whois', cat))).toBe('forbidden');
  expect(
    conditionOf(
      await admin.ask(`<iq type='set' to='${contactOf(cat)}'><command xmlns='${commands}' node='talk'/></iq>`),
    ),
  ).toBe('item-not-found');
});
