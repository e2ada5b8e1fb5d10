/** Discord takes something away: the token, an intent, the guild, a channel, a permission, a webhook. Whoever it concerns is told what to do, and nothing is tried for ever. */
import { GatewayIntentBits as Intent, PermissionFlagsBits as May } from 'discord-api-types/v10';
import { expect } from 'vitest';
import { type DiscordStage, heardBy } from '../../../harness/discord/stage.ts';
import { bodyOf, codesOf, conditionOf, show } from '../../../harness/markup.ts';
import { runsAt } from '../../../harness/operator.ts';
import { until } from '../../../harness/process.ts';
import { executes } from '../../../harness/requests.ts';
import { scenario, theme } from '../../../harness/scenario.ts';
import type { JabberPerson } from '../../../harness/stage.ts';
import { JoinRefused } from '../../../harness/xmpp-client.ts';

/** What the gateway itself says to somebody. */
const told = async (stage: DiscordStage, { client }: JabberPerson, pattern: RegExp): Promise<string> =>
  bodyOf(
    await client.receive(
      (one) => one.name === 'message' && one.attrs.from === stage.place.domain && pattern.test(bodyOf(one) ?? ''),
    ),
  ) ?? '';

/** The last step of adding an account, where there is nothing left to be asked. */
async function finishes(who: JabberPerson, domain: string, session: string): Promise<void> {
  const done = await executes(who, domain, `node='register' sessionid='${session}' action='complete'`);
  expect(show(done)).toContain("status='completed'");
}

const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `r${n + 1}`);

/** What became of each of these: told in the room, or an error's condition. */
async function endsOf({ client }: JabberPerson, ids: readonly string[]): Promise<readonly string[]> {
  const ends: string[] = [];
  for (const id of ids) {
    const end = await client.receive((one) => one.name === 'message' && one.attrs.id === id);
    ends.push(end.attrs.type === 'error' ? (conditionOf(end) ?? '') : 'said');
  }
  return ends;
}

/** Out of the room, not by anybody's will (333), with the reason. */
async function isOut(stage: DiscordStage, who: JabberPerson, why: RegExp): Promise<void> {
  const gone = await who.sees({ nick: stage.bot.name }, 'unavailable');
  expect(codesOf(gone)).toEqual(expect.arrayContaining([110, 333]));
  expect(show(gone)).toMatch(why);
}

/** Whoever is out is told for each message that it went nowhere; back in the room, what they say is said. */
async function goesOn(stage: DiscordStage, who: JabberPerson): Promise<void> {
  await stage.patiently('it is there again', () => stage.sessionOf() !== undefined);
  await who.enters();
  who.says('still here');
  await who.hears({ nick: stage.bot.name }, 'still here');
  stage.scene.say(stage.tybalt, stage.where, `<@${stage.bot.user.id}> so am I`);
  await who.hears(stage.tybalt, /so am I$/);
  expect(stage.texts()[0]).toBe('still here');
}

/** Behind these codes a bot connects anew by itself. */
async function comesBack(stage: DiscordStage, code: number, why: RegExp): Promise<void> {
  const romeo = await stage.alone();
  stage.discord.close(stage.bot, code);
  await isOut(stage, romeo, why);
  await goesOn(stage, romeo);
}

/** Behind these it waits for its owner, who is told why; what is said meanwhile is answered. */
async function pauses(stage: DiscordStage, code: number, why: RegExp): Promise<void> {
  const romeo = await stage.alone();
  const exchanges = stage.discord.exchanges.all.length;
  stage.discord.close(stage.bot, code);
  expect(await told(stage, romeo, /re-login/)).toMatch(why);
  await isOut(stage, romeo, why);
  expect(await endsOf(romeo, [romeo.says('hello?')])).toEqual(['not-acceptable']);
  await stage.minutes(30);
  expect(stage.sessionOf()).toBeUndefined();
  const tries = stage.discord.exchanges.all.slice(exchanges).filter((one) => isBy(one, stage.bot.token ?? ''));
  expect(tries).toEqual([]);
  await runsAt(romeo.client, stage.place.domain, 're-login');
  await goesOn(stage, romeo);
}

/** Tries to join the room. */
async function isLetIn(one: JabberPerson): Promise<boolean> {
  try {
    await one.enters();
    return true;
  } catch (error) {
    if (error instanceof JoinRefused) return false;
    throw error;
  }
}

const isBy = ({ authorization }: { readonly authorization: string | undefined }, token: string): boolean =>
  authorization === `Bot ${token}`;

export const refusals = theme<DiscordStage>('refusals', [
  scenario(
    'a token that was revoked: its owner is told what to do, nothing storms, and with the new one all goes on',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, bot, place, discord } = stage;
      const old = bot.token ?? '';
      const token = scene.resetToken(bot);
      expect(await told(stage, romeo, /change-login/)).toContain('Discord does not take the token');
      await romeo.client.receive(
        `<presence type='unavailable' from='${place.domain}/gateway'><status>Discord does not take the token any more.</status></presence>`,
      );
      await isOut(stage, romeo, /does not take the token/);
      expect(await endsOf(romeo, [romeo.says('hello?')])).toEqual(['not-acceptable']);
      await stage.minutes(30);
      expect(discord.exchanges.all.filter((one) => isBy(one, old) && one.status === 401)).toEqual([]);
      const done = await runsAt(romeo.client, place.domain, 'change-login', { token: [token] });
      expect(done?.attrs.status).toBe('completed');
      await romeo.client.receive(`<presence from='${place.domain}/gateway' type='!'/>`);
      await goesOn(stage, romeo);
    },
  ),

  scenario(
    'what was accepted and is not said yet when the token is revoked is said with the new one',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, bot, place, discord, tybalt } = stage;
      const outage = discord.lay({ of: bot, mishap: { kind: 'status', status: 502 } });
      const to = stage.contactOf(tybalt);
      romeo.client.send(`<message type='chat' id='c1' to='${to}'><body>psst</body></message>`);
      await stage.patiently('it was tried', () => outage.met > 0);
      const token = scene.resetToken(bot);
      await told(stage, romeo, /Nothing that waits is lost/);
      outage.lift();
      await runsAt(romeo.client, place.domain, 'change-login', { token: [token] });
      await stage.patiently('it is said', () => stage.texts(scene.conversation(tybalt, bot)).length > 0);
      expect(stage.texts(scene.conversation(tybalt, bot))).toEqual(['psst']);
    },
  ),

  scenario('4010: another number of shards is wanted, and had', (stage) => comesBack(stage, 4010, /number of shards/)),
  scenario('4011: more shards are wanted, and had', (stage) => comesBack(stage, 4011, /more shards/)),
  scenario('4012: the gateway’s version of the protocol is too old, and its owner is told', (stage) =>
    pauses(stage, 4012, /version of its protocol/),
  ),
  scenario('4013: an intent that Discord does not know, and its owner is told', (stage) =>
    pauses(stage, 4013, /does not know/),
  ),

  scenario(
    '4014: an intent was switched off: the bot does without, and its owner is told which switch',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, bot, discord } = stage;
      scene.setIntents(bot, Intent.GuildMembers | Intent.GuildPresences);
      discord.close(bot, 4014);
      await isOut(stage, romeo, /intent was switched off/);
      expect(await stage.heardAtLast(romeo, /Message Content Intent/)).toContain(
        'switched off in the developer portal',
      );
      await goesOn(stage, romeo);
    },
  ),

  scenario(
    'no privileged intent is switched on: rooms show who speaks, and a sentence for each says which switch',
    async (stage) => {
      const { scene, bot, tybalt, where, place } = stage;
      scene.setIntents(bot, 0);
      const romeo = await stage.connected(place.newUser(), 'desk', bot.name);
      const advice = await runsAt(romeo.client, place.domain, 'register', { token: [bot.token ?? ''] });
      for (const name of ['Server Members', 'Presence', 'Message Content'])
        expect(advice === undefined ? '' : show(advice)).toContain(`${name} Intent is switched off`);
      await finishes(romeo, place.domain, advice?.attrs.sessionid ?? '');
      const joined = await romeo.enters();
      expect(joined.occupants.length).toBeLessThan(3);
      scene.say(tybalt, where, `<@${bot.user.id}> hark`);
      await romeo.sees(tybalt);
      await romeo.hears(tybalt, /hark$/);
    },
  ),

  scenario(
    'put out of the guild in the middle of talk: its rooms are closed with the reason, every message is answered; taken in again all is there',
    async (stage) => {
      const { romeo, juliet, all } = await stage.cast();
      const { scene, guild, bot, room } = stage;
      romeo.says('r0');
      await juliet.hears({ nick: bot.name }, /r0$/);
      scene.leave(bot.user, guild);
      const ids = numbers(3).map((text) => romeo.says(text));
      for (const one of all) {
        const gone = await one.sees({ nick: bot.name }, 'unavailable');
        expect(codesOf(gone)).toEqual(expect.arrayContaining([110, 307]));
        expect(show(gone)).toContain('not in this guild any more');
      }
      // What a webhook was just about to say is said there: it stays when its bot goes.
      const endOf = (id: string, at: number): string | undefined => {
        const [answer] = romeo.client.seen((one) => one.attrs.id === id && one.attrs.type === 'error');
        if (answer !== undefined) return conditionOf(answer);
        return stage.texts().includes(`r${at + 1}`) ? 'said' : undefined;
      };
      await stage.patiently('each is said or answered', () => !ids.map(endOf).includes(undefined));
      const ends = ids.map(endOf);
      for (const end of ends) expect(end).toMatch(/said|not-acceptable|forbidden|item-not-found/);
      const said = numbers(3).filter((_, at) => ends[at] === 'said');
      scene.invite(bot, guild);
      const enters = (): Promise<boolean> =>
        romeo.enters(room).then(
          () => true,
          () => false,
        );
      await until('the gateway has heard that it is there again', enters);
      romeo.says('back');
      await romeo.hears({ nick: bot.name }, /back$/);
      expect(stage.texts()).toEqual(['r0', ...said, 'back']);
    },
  ),

  scenario(
    '45-86 the channel is deleted in the middle of talk: it is destroyed, and every message is answered',
    async (stage) => {
      const { romeo, juliet, all } = await stage.cast();
      const { scene, where, bot, discord } = stage;
      romeo.says('r0');
      await juliet.hears({ nick: bot.name }, /r0$/);
      const stall = discord.lay({ of: bot, method: 'POST', path: /^\/webhooks/, mishap: { kind: 'stall' } });
      const ids = numbers(5).map((text) => romeo.says(text));
      await stage.patiently('one is on its way', () => stall.met > 0);
      scene.deleteChannel(where);
      for (const one of all) expect(show(await one.sees({ nick: bot.name }, 'unavailable'))).toContain('<destroy');
      stall.lift();
      for (const end of await endsOf(romeo, ids)) expect(end).toMatch(/not-acceptable|item-not-found/);
    },
  ),

  scenario(
    'the permission to speak is lost in mid-sentence: each message is said or answered; given back, all goes on',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, where, bot } = stage;
      const ids = numbers(10).map((text) => romeo.says(text));
      await stage.patiently('some are said', () => stage.texts().length >= 3);
      scene.rule(where, { of: bot.user, deny: May.SendMessages });
      const ends = await endsOf(romeo, ids);
      expect(ends.filter((end) => end === 'said')).toHaveLength(stage.texts().length);
      expect(new Set(ends)).toEqual(new Set(stage.texts().length < 10 ? ['said', 'forbidden'] : ['said']));
      const refused = await endsOf(romeo, [romeo.says('may I?')]);
      expect(refused).toEqual(['forbidden']);
      scene.rule(where, { of: bot.user, allow: May.SendMessages });
      await endsOf(romeo, [romeo.says('I may')]);
      expect(stage.texts()).toEqual([...numbers(10).slice(0, stage.texts().length - 1), 'I may']);
    },
  ),

  scenario(
    'the permission to see the channel is lost in mid-sentence: it is left with the reason, each message is said or answered',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, where, bot } = stage;
      const ids = numbers(10).map((text) => romeo.says(text));
      await stage.patiently('some are said', () => stage.texts().length >= 3);
      scene.rule(where, { of: bot.user, deny: May.ViewChannel });
      const ends = await endsOf(romeo, ids);
      expect(ends.filter((end) => end === 'said')).toHaveLength(stage.texts().length);
      const gone = await romeo.sees({ nick: bot.name }, 'unavailable');
      expect(show(gone)).toContain('may not see this channel any more');
      scene.rule(where, { of: bot.user, allow: May.ViewChannel });
      await until('the bot has heard that it sees the channel again', () => isLetIn(romeo));
      await endsOf(romeo, [romeo.says('back')]);
      expect(stage.texts().at(-1)).toBe('back');
    },
  ),

  scenario(
    'webhooks are deleted in the middle of a burst: none is lost, none twice, all under their own name',
    async (stage) => {
      const { romeo, juliet } = await stage.cast();
      const { scene, where } = stage;
      for (const text of numbers(12)) romeo.says(text);
      for (const count of [3, 6]) {
        await stage.patiently('some are said', () => stage.texts().length >= count);
        for (const webhook of scene.webhooks(where)) scene.deleteWebhook(webhook);
      }
      await juliet.hears({ nick: stage.bot.name }, /r12$/);
      expect(stage.lines()).toEqual(numbers(12).map((text) => `${romeo.user}: ${text}`));
      expect(heardBy(juliet, stage.room)).toHaveLength(12);
    },
  ),
]);
