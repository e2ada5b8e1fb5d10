/** Discord is away: the network is cut, the API is out of order, a guild has an outage. What was said waits, and is said once, in order. */
import { expect } from 'vitest';
import { type DiscordStage, heardBy } from '../../../harness/discord/stage.ts';
import { bodyOf, childrenOf, textOf } from '../../../harness/markup.ts';
import { present } from '../../../harness/present.ts';
import { scenario, theme } from '../../../harness/scenario.ts';
import type { JabberPerson } from '../../../harness/stage.ts';

const words = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n + 1}`);

/** What a client has heard in the usual room from people of a prefix, without the names in front. */
const of = (stage: DiscordStage, who: JabberPerson, prefix: string): readonly string[] =>
  heardBy(who, stage.room)
    .map((line) => line.split(' ').at(-1) ?? '')
    .filter((text) => text.startsWith(prefix));

/** Something is said to somebody alone; the sender is told that it waits. */
async function whispers(stage: DiscordStage, who: JabberPerson): Promise<void> {
  const contact = stage.contactOf(stage.tybalt);
  who.client.send(
    `<message type='chat' id='w1' to='${contact}'><body>psst</body><request xmlns='urn:xmpp:receipts'/></message>`,
  );
  await stage.place.passes?.(6_000);
  const told = await who.client.receive(
    (one) => one.attrs.from?.split('/')[0] === contact && bodyOf(one) !== undefined,
  );
  expect(bodyOf(told)).toMatch(/wait/);
}

const receipt = (stage: DiscordStage, { client }: JabberPerson): boolean =>
  client.seen(`<message from='${stage.contactOf(stage.tybalt)}'><received id='w1'/></message>`).length > 0;

/** What the gateway has last shown of itself. */
function shows(stage: DiscordStage, { client }: JabberPerson): string | undefined {
  const last = client.seen(`<presence from='${present(stage.place.domain)}'/>`).at(-1);
  return last && `${last.attrs.type ?? ''}${childrenOf(last, 'show').map(textOf).join()}`;
}

/** The network is cut in the middle of talk, for minutes; then all of it is there, in order, once. */
async function cutOff(stage: DiscordStage, isForgotten: boolean): Promise<void> {
  const romeo = await stage.alone();
  const phone = await romeo.another('phone');
  await phone.enters();
  const { scene, where, tybalt, bot } = stage;
  romeo.says('r1');
  scene.say(tybalt, where, 't1');
  await phone.hears(romeo, 'r1');
  await phone.hears(tybalt, 't1');
  const session = stage.sessionOf(bot);
  const mend = stage.discord.sever(bot, isForgotten);
  for (const text of ['t2', 't3']) scene.say(tybalt, where, text);
  for (const text of words('r', 6).slice(1)) romeo.says(text);
  await whispers(stage, romeo);
  const servant = stage.citizen('Peter');
  scene.leave(stage.sampson, stage.guild);
  await stage.minutes(isForgotten ? 5 : 1);
  expect(stage.texts().filter((text) => text.startsWith('r'))).toEqual(['r1']);
  for (const one of [romeo, phone])
    await stage.patiently('the gateway says that it is away', () => shows(stage, one) === 'away');
  mend();
  await stage.patiently('all is said', () => stage.texts().includes('r6'));
  scene.say(tybalt, where, 't4');
  await stage.patiently('all is heard', () =>
    [romeo, phone].every((one) => of(stage, one, 't').includes('t4') && of(stage, one, 'r').includes('r6')),
  );
  await stage.patiently('what was whispered is there', () => receipt(stage, romeo));
  for (const one of [romeo, phone])
    await stage.patiently('the gateway says that it is here', () => shows(stage, one) === '');
  expect(stage.texts().filter((text) => text.startsWith('r'))).toEqual(words('r', 6));
  expect(stage.texts(scene.conversation(tybalt, bot))).toEqual(['psst']);
  for (const one of [romeo, phone]) {
    expect(of(stage, one, 'r')).toEqual(words('r', 6));
    expect(of(stage, one, 't')).toEqual(words('t', 4));
    await one.sees(servant);
    await one.sees(stage.sampson, 'unavailable');
  }
  expect(stage.sessionOf(bot) === session).toBe(!isForgotten);
  // Nobody was put out of the room for it.
  expect(romeo.client.seen(`<presence type='unavailable' from='${stage.room}/${bot.name}'/>`)).toEqual([]);
}

export const outages = theme<DiscordStage>('outages', [
  scenario(
    '100-13 45-42 114-53 MSG-09 the network is cut for minutes in the middle of talk, and Discord has forgotten the session',
    (stage) => cutOff(stage, true),
  ),

  scenario('100-13 45-42 the network is cut, and the session goes on where it was', (stage) => cutOff(stage, false)),

  scenario('45-42 what is said while Discord takes long to tell what was missed comes behind it', async (stage) => {
    const romeo = await stage.alone();
    const { scene, where, tybalt, bot } = stage;
    scene.say(tybalt, where, 't1');
    await romeo.hears(tybalt, 't1');
    const mend = stage.discord.sever(bot, true);
    for (const text of ['t2', 't3']) scene.say(tybalt, where, text);
    await stage.minutes(1);
    const path = new RegExp(`^/channels/${where.id}/messages$`);
    const slow = stage.discord.lay({ of: bot, method: 'GET', path, mishap: { kind: 'stall' } });
    mend();
    await stage.patiently('what was missed is asked for', () => slow.met > 0);
    scene.say(tybalt, where, 't4');
    await stage.place.passes?.(12_000);
    slow.lift();
    await stage.patiently('all is heard', () => of(stage, romeo, 't').length === 4);
    expect(of(stage, romeo, 't')).toEqual(words('t', 4));
  }),

  scenario(
    '45-42 an hour of 5xx: what is said waits, and is said in order, once; nobody storms a Discord that is out of order',
    async (stage) => {
      const { romeo, juliet } = await stage.cast();
      const { scene, where, tybalt, bot } = stage;
      romeo.says('r1');
      await juliet.hears({ nick: bot.name }, /r1$/);
      const outage = stage.discord.lay({ of: bot, mishap: { kind: 'status', status: 502 } });
      for (const text of words('r', 8).slice(1)) romeo.says(text);
      juliet.says('j1');
      scene.say(tybalt, where, 't1');
      for (const one of [romeo, juliet]) await one.hears(tybalt, 't1');
      await stage.patiently('Discord is asked in vain', () => outage.met > 0);
      await stage.minutes(60);
      expect(stage.texts()).toEqual(['r1', 't1']);
      expect(outage.met).toBeLessThan(80);
      outage.lift();
      await stage.patiently('all is said', () => ['j1', 'r8'].every((text) => stage.texts().includes(text)));
      await stage.patiently('all is heard', () => [romeo, juliet].every((one) => of(stage, one, 'j').includes('j1')));
      expect(stage.texts().filter((text) => text.startsWith('r'))).toEqual(words('r', 8));
      expect(stage.texts().toSorted()).toEqual(['j1', ...words('r', 8), 't1']);
      const isAll = (one: JabberPerson): boolean => of(stage, one, 'r').length >= 8;
      await stage.patiently('all is told', () => [romeo, juliet].every(isAll));
      for (const one of [romeo, juliet]) expect(of(stage, one, 'r')).toEqual(words('r', 8));
    },
  ),

  scenario(
    'an hour of 5xx: whoever writes to somebody alone is told after five seconds that it waits',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, tybalt, bot } = stage;
      const outage = stage.discord.lay({ of: bot, mishap: { kind: 'status', status: 503 } });
      await whispers(stage, romeo);
      await stage.minutes(2);
      outage.lift();
      await stage.patiently('it is there', () => receipt(stage, romeo));
      expect(stage.texts(scene.conversation(tybalt, bot))).toEqual(['psst']);
    },
  ),

  scenario('an outage of the guild: nobody leaves, nobody comes in; when it is over all goes on', async (stage) => {
    const { romeo, juliet } = await stage.cast();
    const { scene, guild, where, tybalt, bot } = stage;
    scene.setAvailable(guild, false);
    const other = stage.channel();
    await stage.patiently('it is known', () => true);
    const late = await stage.connected(stage.place.newUser(), 'desk', bot.name);
    const entering = late.enters(stage.roomOf(other)).catch((error: unknown) => error);
    romeo.says('r1');
    scene.setAvailable(guild, true);
    await stage.patiently('it is said', () => stage.texts().includes('r1'));
    scene.say(tybalt, where, 't1');
    for (const one of [romeo, juliet]) await one.hears(tybalt, 't1');
    await entering;
    expect(romeo.client.seen(`<presence type='unavailable'/>`)).toEqual([]);
  }),
]);
