/** Conversations of two with a bot on Discord: said both ways, and made up for where the bot was away. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Guild } from '../harness/discord/state.ts';
import { bodyOf, child } from '../harness/markup.ts';
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
