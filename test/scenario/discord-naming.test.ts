/** Whom Jabber's clients name beside their text is rung on Discord, and nobody else; what has a picture there has one here. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DiscordWorld, startDiscordWorld } from '../harness/discord/memory-world.ts';
import { comesWithBot } from '../harness/discord/registering.ts';
import { bodyOf, child, show } from '../harness/markup.ts';
import { png } from '../harness/pictures.ts';

let world: DiscordWorld;
beforeAll(async () => {
  world = await startDiscordWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function entered(name: string) {
  const { world: scene } = world.discord;
  const guild = scene.guild('Verona', scene.user(`prince of ${name}`));
  const bot = scene.bot(`herald of ${name}`);
  scene.invite(bot, guild);
  const people = ['Ada', 'Ada', 'Bob'].map((nick, at) => {
    const user = scene.user(`${name}s${at}`);
    scene.join(user, guild, { nick });
    return user;
  });
  const client = await world.jabber(name, 'desk');
  const where = scene.find(guild, 'general');
  const room = `#${where.id}@${world.domain}`;
  await comesWithBot(client, world.domain, world.discord, bot);
  await client.join(room, bot.name);
  return { client, room, where, guild, scene, people, bot };
}

test('372-01 marked names ring whom they name, and nobody who only is called so; emoji come with their pictures', async () => {
  const { client, room, where, guild, scene, people } = await entered('romeo');
  const [ada, other, bob] = people;
  const mark = (begin: number, end: number, jid: string): string =>
    `<reference xmlns='urn:xmpp:reference:0' type='mention' begin='${begin}' end='${end}' uri='xmpp:${jid}'/>`;
  const uri = `%23${where.id}@${world.domain}`;
  let ids = 0;
  const says = async (text: string, inside: string) => {
    const id = `m${++ids}`;
    client.send(`<message type='groupchat' id='${id}' to='${room}'><body>${text}</body>${inside}</message>`);
    const back = await client.receive(`<message type='groupchat' id='${id}'><body/></message>`);
    return { back, data: scene.messages(where).at(-1)?.data };
  };
  const exact = await says('😀 Ada, hi', mark(2, 5, `${uri}/Ada`));
  expect(exact.data).toMatchObject({ content: `😀 <@${ada?.id}>, hi`, mentions: [{ id: ada?.id }] });
  expect(bodyOf(exact.back)).toBe('😀 Ada, hi');
  expect(child(exact.back, 'reference', 'urn:xmpp:reference:0')?.attrs).toMatchObject({ begin: '2', end: '5' });
  const byAddress = await says('my dear friend', mark(3, 14, `${other?.id}@${world.domain}`));
  expect(byAddress.data).toMatchObject({ content: `my <@${other?.id}>`, mentions: [{ id: other?.id }] });
  const place = await says('see there', mark(4, 9, `${uri}?join`));
  expect(place.data).toMatchObject({ content: `see <#${where.id}>`, mentions: [] });
  for (const [text, inside] of [
    ['Mallory and @everyone', mark(0, 7, `${uri}/Mallory`) + mark(12, 21, `${world.domain}`)],
    ['Bob@elsewhere', mark(0, 3, 'bob@elsewhere.test')],
    ['so says ', mark(0, 40, `99@${world.domain}`)],
  ] as const) {
    const none = await says(text, inside);
    expect(none.data).toMatchObject({ mentions: [], mention_everyone: false, mention_roles: [] });
  }
  const emoji = scene.emoji(guild, 'cat', png(1).bytes);
  if (bob !== undefined) scene.say(bob, where, `a <:cat:${emoji.id}> sits`);
  const told = await client.receive(`<message type='groupchat' from='${room}/Bob'><body>a :cat: sits</body></message>`);
  expect(show(told)).toContain(`src='https://cdn.discordapp.com/emojis/${emoji.id}.png' alt=':cat:'`);
  expect(world.errors).toEqual([]);
  client.cut();
});

test('one’s own bot is idle and busy as one’s client is', async () => {
  const { client, room, guild, bot } = await entered('juliet');
  const shown = (): string | undefined => guild.presences.get(bot.user.id)?.status;
  client.send(`<presence to='${room}/${bot.name}'><show>dnd</show><status>sealed lips</status></presence>`);
  await expect.poll(shown).toBe('dnd');
  expect(JSON.stringify(guild.presences.get(bot.user.id))).not.toContain('sealed');
  client.cut();
});
