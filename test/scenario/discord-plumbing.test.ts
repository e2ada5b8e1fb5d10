/** A Discord channel and a MUC as one: people of Discord are occupants of their own there, those of the MUC speak in Discord by webhook under their names. */
import { expect, test } from 'vitest';
import { type DiscordWorld, startDiscordWorld } from '../harness/discord/memory-world.ts';
import { bodyOf, child } from '../harness/markup.ts';
import { base64, png, sha1 } from '../harness/pictures.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';

const commands = 'http://jabber.org/protocol/commands';

/** A command to its end; resolves with all that it said. */
async function runs(
  client: XmppClient,
  to: string,
  node: string,
  ...forms: readonly (readonly [string, string, string])[]
) {
  const ask = async (attrs: string, inside = '') =>
    child(
      await client.ask(
        `<iq type='set' to='${to}'><command xmlns='${commands}' node='${node}'${attrs}>${inside}</command></iq>`,
      ),
      'command',
      commands,
    );
  let stage = await ask('');
  for (const [action, name, value] of forms) {
    const form = `<x xmlns='jabber:x:data' type='submit'><field var='${name}'><value>${value}</value></field></x>`;
    stage = await ask(` action='${action}' sessionid='${stage?.attrs.sessionid}'`, form);
  }
  return JSON.stringify(stage);
}

/** An operator's bot that holds the plumbing of a channel. */
async function plumbed(world: DiscordWorld) {
  const { world: scene } = world.discord;
  const guild = scene.guild('Verona', scene.user('prince'));
  const bot = scene.bot('herald');
  scene.invite(bot, guild);
  const where = scene.channel(guild, { name: 'square', topic: '' });
  const admin = await world.jabber('operator', 'desk');
  await runs(
    admin,
    world.domain,
    'register',
    ['next', 'admits', 'nobody@localhost'],
    ['complete', 'token', bot.token ?? ''],
  );
  const owner = await world.jabber('nurse', 'desk');
  const muc = world.muc.found('piazza', 'nurse@localhost');
  const room = `#${where.id}=~+herald-0001@${world.domain}`;
  const token = /plumb-[a-z0-9]{16}/.exec(await runs(admin, room, 'plumb', ['complete', 'muc', muc]))?.[0] ?? '';
  await owner.join(muc, 'nurse');
  owner.say(muc, token);
  await owner.receive((stanza) => bodyOf(stanza)?.startsWith('This room is now joined') === true);
  const tybalt = scene.user('tybalt1', { global_name: 'Tybalt' });
  scene.join(tybalt, guild, { nick: 'Prince of Cats' });
  return { scene, guild, where, admin, owner, muc, tybalt };
}

test('each side by name, once, corrections too; the MUC knows no webhook, and Discord no herald', async () => {
  await using world = await startDiscordWorld();
  const { scene, where, owner, muc, tybalt } = await plumbed(world);
  const saidThere = (): readonly string[] =>
    scene.messages(where).map(({ data }) => `${data.author.username}: ${data.content}`);
  owner.say(muc, 'who are you', 'n1');
  await owner.receive(`<message type='groupchat' id='n1'/>`);
  await expect.poll(saidThere).toEqual(['nurse: who are you']);
  scene.say(tybalt, where, 'what, drawn');
  const heard = await owner.receive(
    `<message type='groupchat' from='${muc}/Prince of Cats'><body>what, drawn</body></message>`,
  );
  owner.send(
    `<message type='groupchat' id='n2' to='${muc}'><body>who is it</body><replace xmlns='urn:xmpp:message-correct:0' id='n1'/></message>`,
  );
  await expect.poll(saidThere).toEqual(['nurse: who is it', 'tybalt1: what, drawn']);
  owner.send(
    `<message type='groupchat' id='n3' to='${muc}'><body>peace</body><reply xmlns='urn:xmpp:reply:0' id='${child(heard, 'stanza-id')?.attrs.id}'/></message>`,
  );
  await expect.poll(() => saidThere().at(-1)).toMatch(/^nurse: .*peace$/s);
  scene.say(tybalt, where, 'the end');
  await owner.receive(`<message type='groupchat' from='${muc}/Prince of Cats'><body>the end</body></message>`);
  expect(world.muc.said(muc).slice(2)).toEqual([
    'nurse: who are you',
    'Prince of Cats: what, drawn',
    'nurse: who is it',
    'nurse: peace',
    'Prince of Cats: the end',
  ]);
  const mark = `<reference xmlns='urn:xmpp:reference:0' type='mention' begin='3' end='9' uri='xmpp:${muc}/Prince%20of%20Cats'/>`;
  owner.send(`<message type='groupchat' id='n4' to='${muc}'><body>ho Tybalt</body>${mark}</message>`);
  await expect.poll(() => saidThere().at(-1)).toBe(`nurse: ho <@${tybalt.id}>`);
  expect(world.errors).toEqual([]);
  owner.cut();
});

test('372-01 who has another name in the MUC, where theirs was taken, is rung by that name, and named by it there', async () => {
  await using world = await startDiscordWorld();
  const { scene, where, owner, muc, tybalt } = await plumbed(world);
  const namesake = await world.jabber('romeo', 'desk');
  await namesake.join(muc, 'Prince of Cats');
  const there = `${muc}/Prince of Cats (bridged)`;
  scene.say(tybalt, where, `it is <@${tybalt.id}>`);
  const heard = await owner.receive(
    `<message type='groupchat' from='${there}'><body>it is @Prince of Cats</body></message>`,
  );
  expect(child(heard, 'reference')?.attrs.uri).toBe(`xmpp:${muc}/Prince%20of%20Cats%20%28bridged%29`);
  owner.say(muc, 'Prince of Cats (bridged): good king of cats');
  const last = (): unknown => scene.messages(where).at(-1)?.data.content;
  await expect.poll(last).toBe(`<@${tybalt.id}>: good king of cats`);
  expect(world.errors).toEqual([]);
  owner.cut();
  namesake.cut();
});

test('our occupant is called as the guild and the channel are, also when that changes and after a restart', async () => {
  await using world = await startDiscordWorld();
  const { scene, guild, where, admin, owner, muc } = await plumbed(world);
  await expect.poll(() => world.muc.nicks(muc)).toEqual(['Verona: #square', 'nurse']);
  const other = scene.channel(guild, { name: 'orchard', topic: '' });
  const elsewhere = world.muc.found('orchard', 'nurse@localhost');
  await runs(admin, `#${other.id}=~+herald-0001@${world.domain}`, 'plumb', ['complete', 'muc', elsewhere]);
  await expect.poll(() => world.muc.nicks(elsewhere)).toEqual(['Verona: #orchard']);
  await world.restart(() => scene.changeChannel(where, { name: 'market' }));
  await expect.poll(() => world.muc.nicks(muc), { timeout: 20_000 }).toEqual(['nurse', 'Verona: #market']);
  expect(scene.messages(where)).toEqual([]);
  expect(world.errors).toEqual([]);
  owner.cut();
});

test('the MUC is not led into rooms of the account’s, whose people may not come in there', async () => {
  await using world = await startDiscordWorld();
  const { scene, guild, where, owner, muc, tybalt } = await plumbed(world);
  const orchard = scene.channel(guild, { name: 'orchard', topic: '' });
  scene.say(tybalt, where, `he is in <#${orchard.id}>`);
  await owner.receive(
    `<message type='groupchat' from='${muc}/Prince of Cats'><body>he is in #orchard</body></message>`,
  );
  expect(world.errors).toEqual([]);
  owner.cut();
});

const cardWith = (shade: number): string =>
  `<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>${base64(png(shade))}</BINVAL></PHOTO></vCard>`;
const wears = (shade: number): string => `<x xmlns='vcard-temp:x:update'><photo>${sha1(png(shade))}</photo></x>`;

test('084-10 occupants of the MUC show their own pictures on Discord, and another one where they change it', async () => {
  await using world = await startDiscordWorld();
  const { where, owner, muc } = await plumbed(world);
  const shown = (): readonly unknown[] =>
    world.discord.exchanges.all
      .filter(({ method, path }) => method === 'POST' && path.startsWith('/webhooks/'))
      .map(({ body }) => (body as { avatar_url?: string }).avatar_url?.replace(/-[\w-]{24}$/, ''));
  const link = (shade: number): string => `https://gateway.test/pictures/${sha1(png(shade))}`;
  const said = async (text: string): Promise<void> => {
    owner.say(muc, text);
    const last = (): unknown => world.discord.world.messages(where).at(-1)?.data.content;
    await expect.poll(last).toBe(text);
  };
  owner.says.set('vcard-temp', cardWith(1));
  await said('one');
  owner.says.set('vcard-temp', cardWith(2));
  await said('two');
  owner.send(`<presence to='${muc}/nurse'>${wears(2)}</presence>`);
  await owner.roundtrip(muc);
  await said('three');
  expect(shown()).toEqual([link(1), link(1), link(2)]);
  expect(world.errors).toEqual([]);
  owner.cut();
});

test('what Discord said while the gateway was away is told to the MUC after it, in order, once', async () => {
  await using world = await startDiscordWorld();
  const { scene, where, owner, muc, tybalt } = await plumbed(world);
  scene.say(tybalt, where, 'before');
  await owner.receive(`<message type='groupchat' from='${muc}/Prince of Cats'><body>before</body></message>`);
  await world.restart(() => {
    for (const text of ['one', 'two']) scene.say(tybalt, where, text);
  });
  await owner.receive((stanza) => bodyOf(stanza)?.endsWith('two') === true, 20_000);
  scene.say(tybalt, where, 'after');
  await owner.receive((stanza) => bodyOf(stanza)?.endsWith('after') === true, 20_000);
  const said = world.muc.said(muc).flatMap((line) => /(before|one|two|after)$/.exec(line)?.[0] ?? []);
  expect(said).toEqual(['before', 'one', 'two', 'after']);
  expect(world.errors).toEqual([]);
  owner.cut();
});
