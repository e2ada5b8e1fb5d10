/** What people say on Discord by a shared bot is a webhook's, under their own names: corrected and taken back there by whoever said it, and by nobody else. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Channel, Guild } from '../harness/discord/state.ts';
import { bodyOf, child, conditionOf } from '../harness/markup.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';
import { createDiscordUsers, type DiscordUsers } from './discord-users.ts';

let users: DiscordUsers;
let guild: Guild;

beforeAll(async () => {
  users = await createDiscordUsers();
  guild = users.scene.guild('Verona', users.scene.user('owner'));
});
afterAll(() => users.end());

const saidIn = (where: Channel): readonly string[] =>
  users.scene.messages(where).map(({ data }) => `${data.author.username}: ${data.content}`);
const nameOf = ({ jid }: XmppClient): string => jid.split('@')[0] ?? '';

/** Two people of a bot that is shared, in one of its rooms. */
async function together() {
  const bot = users.scene.bot(`herald${users.next()}`);
  users.scene.invite(bot, guild);
  const { label } = await users.sharing(bot);
  const where = users.scene.channel(guild, { name: `channel${users.next()}` });
  const room = `#${where.id}${label}@${users.domain}`;
  const romeo = await users.jabber(`romeo${users.next()}`);
  // Another resource: the ids of her messages begin with it.
  const juliet = await users.jabber(`juliet${users.next()}`, 'phone');
  await romeo.join(room, 'Romeo');
  await juliet.join(room, 'Juliet');
  const hears = (client: XmppClient, by: XmppClient, text: string) =>
    client.receive(
      `<message type='groupchat' from='${room}/${bot.name}'><body>&lt;${nameOf(by)}&gt; ${text}</body></message>`,
    );
  let count = 0;
  const corrects = (client: XmppClient, of: string, text: string): string => {
    const id = `c${++count}`;
    client.send(
      `<message type='groupchat' id='${id}' to='${room}'><body>${text}</body><replace xmlns='urn:xmpp:message-correct:0' id='${of}'/></message>`,
    );
    return id;
  };
  const takesBack = (client: XmppClient, of: string): string => {
    const id = `d${++count}`;
    client.send(
      `<message type='groupchat' id='${id}' to='${room}'><retract xmlns='urn:xmpp:message-retract:1' id='${of}'/></message>`,
    );
    return id;
  };
  const refused = async (client: XmppClient, id: string) =>
    conditionOf(await client.receive(`<message type='error' id='${id}'/>`));
  return { bot, where, room, romeo, juliet, hears, corrects, takesBack, refused };
}

const idIn = (stanza: Parameters<typeof child>[0]): string =>
  child(stanza, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id ?? '';

test('308-03 424-01 the webhook’s message is changed and deleted, by whoever said it, also after a restart', async () => {
  const { where, room, romeo, juliet, hears, corrects, takesBack, refused } = await together();
  const first = romeo.say(room, 'But sfot!');
  const name = idIn(await hears(juliet, romeo, 'But sfot!'));
  juliet.say(room, 'Ay me!');
  await hears(romeo, juliet, 'Ay me!');
  corrects(romeo, first, 'But soft!');
  const told = await hears(juliet, romeo, 'But soft!');
  expect(child(told, 'replace', 'urn:xmpp:message-correct:0')?.attrs.id).toBe(first);
  const all = (soft: string) => [`${nameOf(romeo)}: ${soft}`, `${nameOf(juliet)}: Ay me!`];
  expect(saidIn(where)).toEqual(all('But soft!'));
  for (const when of ['before', 'after']) {
    if (when === 'after') await users.world.restart();
    expect(await refused(juliet, corrects(juliet, first, 'mine'))).toBe('forbidden');
    expect(await refused(juliet, takesBack(juliet, name))).toBe('forbidden');
    corrects(romeo, first, `But soft, ${when}!`);
    await hears(juliet, romeo, `But soft, ${when}!`);
    expect(saidIn(where)).toEqual(all(`But soft, ${when}!`));
  }
  takesBack(romeo, name);
  await juliet.receive(
    `<message type='groupchat'><retract xmlns='urn:xmpp:message-retract:1' id='${name}'/></message>`,
  );
  expect(saidIn(where)).toEqual([`${nameOf(juliet)}: Ay me!`]);
});

test('444-01 nobody but the operator reacts, and whoever tries is told why', async () => {
  const { where, room, romeo, juliet, hears } = await together();
  romeo.say(room, 'But soft!');
  const name = idIn(await hears(juliet, romeo, 'But soft!'));
  juliet.send(
    `<message type='groupchat' id='r1' to='${room}'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'><reaction>👍</reaction></reactions></message>`,
  );
  const error = await juliet.receive(`<message type='error' id='r1'/>`);
  expect(conditionOf(error)).toBe('forbidden');
  expect(users.scene.messages(where).map(({ reactions }) => reactions.size)).toEqual([0]);
});

test('a correction is sent while what it corrects is still on its way to Discord', async () => {
  const { where, room, romeo, juliet, hears, corrects } = await together();
  users.world.discord.lay({ method: 'POST', path: /^\/webhooks\//, times: 1, mishap: { kind: 'status', status: 502 } });
  const first = romeo.say(room, 'But sfot!');
  corrects(romeo, first, 'But soft!');
  await hears(juliet, romeo, 'But soft!');
  expect(saidIn(where)).toEqual([`${nameOf(romeo)}: But soft!`]);
  await juliet.roundtrip(room);
  expect(juliet.seen(`<message type='groupchat'><body/></message>`).map(bodyOf)).toEqual([
    `<${nameOf(romeo)}> But sfot!`,
    `<${nameOf(romeo)}> But soft!`,
  ]);
});

test('where the bot may have webhooks no more, what they said is changed all the same, with no name in the text', async () => {
  const { bot, where, room, romeo, juliet, hears, corrects } = await together();
  const first = romeo.say(room, 'But sfot!');
  await hears(juliet, romeo, 'But sfot!');
  // What was known of webhooks there is old by that.
  users.scene.webhook(where, { name: 'somebody else’s' });
  users.scene.rule(where, { of: 'everyone', deny: 1n << 29n });
  await users.world.discord.heeded(bot);
  corrects(romeo, first, 'But soft!');
  await hears(juliet, romeo, 'But soft!');
  expect(saidIn(where)).toEqual([`${nameOf(romeo)}: But soft!`]);
});
