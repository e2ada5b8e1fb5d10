/** Who speaks in a channel of Discord's and is not in the room's list: a webhook of others, and whom nobody has told of. What they do comes from where they spoke, under their names. */
import { afterEach, expect, test } from 'vitest';
import { child } from '../harness/markup.ts';
import { createDiscordUsers, type DiscordUsers } from './discord-users.ts';

let users: DiscordUsers;
afterEach(() => users.end());

async function verona(options = {}) {
  users = await createDiscordUsers(options);
  const { scene, domain } = users;
  const guild = scene.guild('Verona', scene.user('prince'));
  const own = scene.bot('page');
  scene.invite(own, guild);
  const where = scene.channel(guild, { name: 'square' });
  return { scene, guild, own, where, room: `#${where.id}@${domain}` };
}

test('308-02 424-01 what a webhook of others says is changed and taken back from where it was said, also after a restart', async () => {
  const { scene, own, where, room } = await verona();
  const { client, user } = await users.loggedIn(own);
  await client.join(room, own.name);
  const message = scene.speak(scene.webhook(where, { name: 'relay' }), 'tybalt', 'pease');
  const line = `<message type='groupchat' from='${room}/tybalt'>`;
  const { attrs } = await client.receive(`${line}<body>pease</body></message>`);
  const corrects = `<replace xmlns='urn:xmpp:message-correct:0' id='${attrs.id}'/>`;
  scene.edit(message, 'peace');
  await client.receive(`${line}<body>peace</body>${corrects}</message>`);
  await users.world.restart();
  const phone = await users.jabber(user, 'phone');
  await phone.join(room, own.name);
  scene.edit(message, 'peace?');
  await phone.receive(`${line}<body>peace?</body>${corrects}</message>`);
  scene.remove(message);
  const retraction = `<retract xmlns='urn:xmpp:message-retract:1' id='${attrs.id}'/>`;
  await phone.receive(`${line}${retraction}</message>`);
});

test('421-01 whoever speaks by a webhook under the name of somebody who is there does not speak as them', async () => {
  const { scene, guild, own, where, room } = await verona();
  const tybalt = scene.user('tybalt');
  scene.join(tybalt, guild, { nick: 'Prince of Cats' });
  const { client, user } = await users.loggedIn(own);
  await client.join(room, own.name);
  const message = scene.speak(scene.webhook(where, { name: 'proxy' }), 'Prince of Cats', 'I love you all');
  const line = `<message type='groupchat' from='${room}/Prince of Cats (webhook)'>`;
  const { attrs } = await client.receive(`${line}<body>I love you all</body></message>`);
  scene.say(tybalt, where, 'I hate the word');
  await client.receive(
    `<message type='groupchat' from='${room}/Prince of Cats'><body>I hate the word</body></message>`,
  );
  await users.world.restart();
  const phone = await users.jabber(user, 'phone');
  await phone.join(room, own.name);
  scene.edit(message, 'I love none');
  const corrects = `<replace xmlns='urn:xmpp:message-correct:0' id='${attrs.id}'/>`;
  await phone.receive(`${line}<body>I love none</body>${corrects}</message>`);
});

const unlisted: readonly (readonly [string, object])[] = [
  ['is one too many of a crowd', { members: 10 }],
  ['is told of by nobody, without the members intent', { intents: { members: false, presences: false } }],
];

test.each(unlisted)('444-01 who reacts and %s comes into the room, and reacts by their name', async (_, options) => {
  const { scene, guild, own, where, room } = await verona(options);
  const crowd = Array.from({ length: 20 }, (_, at) => scene.user(`citizen${at}`));
  for (const one of crowd) scene.join(one, guild);
  const [speaker, citizen] = crowd.slice(-2);
  if (speaker === undefined || citizen === undefined) throw new Error('there is nobody');
  const { client } = await users.loggedIn(own);
  await client.join(room, own.name);
  const message = scene.say(speaker, where, 'peace');
  const { attrs } = await client.receive(`<message type='groupchat'><body>peace</body></message>`);
  const reacts = (emoji: string): string =>
    `<message type='groupchat' from='${room}/${citizen.username}'><reactions xmlns='urn:xmpp:reactions:0' id='${attrs.id}'>${emoji}</reactions></message>`;
  scene.react(citizen, message, '👍');
  await client.receive(`<presence from='${room}/${citizen.username}'/>`);
  await client.receive(reacts('<reaction>👍</reaction>'));
});

test.each(unlisted)(
  '425-01 a moderator who %s comes into the room when they take something away, and is named',
  async (_, options) => {
    const { scene, guild, own, where, room } = await verona(options);
    for (let one = 0; one < 20; one++) scene.join(scene.user(`citizen${one}`), guild);
    const watch = scene.bot('watch');
    scene.invite(watch, guild);
    const speaker = scene.user('tybalt');
    scene.join(speaker, guild);
    const { client } = await users.loggedIn(own);
    const { occupants } = await client.join(room, own.name);
    expect(occupants.map(({ attrs }) => attrs.from)).not.toContain(`${room}/watch`);
    const message = scene.say(speaker, where, 'thou villain');
    await client.receive(`<message type='groupchat'><body>thou villain</body></message>`);
    scene.remove(message, watch.user, 'language');
    await client.receive(`<presence from='${room}/watch'/>`);
    await client.receive(
      `<message type='groupchat' from='${room}'><retract xmlns='urn:xmpp:message-retract:1'><moderated xmlns='urn:xmpp:message-moderate:1' by='${room}/watch'/></retract></message>`,
    );
  },
);

test('308-02 421-01 who was one too many of a crowd after a restart corrects as who they were, whatever their user name is by then', async () => {
  const { scene, guild, own, where, room } = await verona({ members: 10 });
  for (let one = 0; one < 20; one++) scene.join(scene.user(`citizen${one}`), guild);
  const speaker = scene.user('tybalt');
  scene.join(speaker, guild, { nick: 'Prince of Cats' });
  const { client, user } = await users.loggedIn(own);
  await client.join(room, own.name);
  const message = scene.say(speaker, where, 'pease');
  const line = `<message type='groupchat' from='${room}/Prince of Cats'>`;
  const said = await client.receive(`${line}<body>pease</body></message>`);
  await users.world.restart(() => scene.changeUser(speaker, { username: 'catking' }));
  const phone = await users.jabber(user, 'phone');
  const { occupants } = await phone.join(room, own.name);
  expect(occupants.map(({ attrs }) => attrs.from)).not.toContain(`${room}/Prince of Cats`);
  scene.edit(message, 'peace');
  const told = await phone.receive(
    `${line}<body>peace</body><replace xmlns='urn:xmpp:message-correct:0' id='${said.attrs.id}'/></message>`,
  );
  const occupantId = (stanza: typeof said) => child(stanza, 'occupant-id', 'urn:xmpp:occupant-id:0')?.attrs.id;
  expect(occupantId(told)).toBe(occupantId(said) ?? 'none');
  scene.say(speaker, where, 'I hate the word');
  const entered = await phone.receive(`<presence from='${room}/Prince of Cats'/>`);
  expect(occupantId(entered)).toBe(occupantId(said));
});
