/** Coming into a channel: who is there, as what, and how that changes. */
import { PermissionFlagsBits as May } from 'discord-api-types/v10';
import { expect } from 'vitest';
import type { DiscordStage } from '../../../harness/discord/stage.ts';
import { expectJoinOrder, itemOf, refusal } from '../../../harness/expectations.ts';
import { child, childrenOf, codesOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { until } from '../../../harness/process.ts';
import { scenario, theme } from '../../../harness/scenario.ts';

const hatsOf = (presence: Parameters<typeof child>[0]): readonly (string | undefined)[] =>
  childrenOf(child(presence, 'hats', 'urn:xmpp:hats:0'), 'hat').map(({ attrs }) => attrs.title);

export const entering = theme<DiscordStage>('entering', [
  scenario(
    '45-20 45-22 45-38 four clients of two people come in: fifty and the bot, oneself, the topic',
    async (stage) => {
      const { all } = await stage.cast();
      const late = await stage.connected(stage.place.newUser(), 'desk', stage.bot.name);
      const joined = await late.enters();
      expectJoinOrder(joined);
      expect(joined.occupants).toHaveLength(50);
      expect(joined.subject).toBe('A public place');
      expect(joined.self.attrs.from).toBe(`${stage.room}/${stage.bot.name}`);
      expect(all).toHaveLength(4);
    },
  ),

  scenario('45-63 317-01 ranks are affiliation and role, roles that stand out are hats', async (stage) => {
    const { scene, guild } = stage;
    const montague = scene.role(guild, { name: 'Montague', hoist: true, color: 0x3366cc });
    const watch = scene.role(guild, { name: 'Watch', permissions: May.KickMembers });
    const friar = stage.citizen('Friar', { roles: [montague.id, watch.id] });
    const romeo = await stage.alone(false);
    const { occupants } = await romeo.enters();
    const of = (nick: string) => occupants.filter(({ attrs }) => attrs.from === `${stage.room}/${nick}`);
    const ranks = [stage.owner, friar, stage.tybalt].map(({ nick }) => of(nick).map(itemOf)[0]?.attrs);
    expect(ranks).toMatchObject([
      { affiliation: 'owner', role: 'moderator' },
      { role: 'moderator' },
      { role: 'participant' },
    ]);
    expect(of(friar.nick).map(hatsOf)).toEqual([['Montague']]);
    scene.changeMember(friar, guild, { roles: [] });
    expect(itemOf(await romeo.sees(friar))?.attrs.role).toBe('participant');
    expect(hatsOf(await romeo.sees(friar))).toEqual([]);
    scene.changeMember(friar, guild, { roles: [montague.id] });
    expect(hatsOf(await romeo.sees(friar))).toEqual(['Montague']);
    scene.changeRole(guild, montague, { name: 'House of Montague' });
    expect(hatsOf(await romeo.sees(friar))).toEqual(['House of Montague']);
  }),

  scenario(
    '45-24 45-64 people come, are called otherwise, are put out, go, and are told once to each client',
    async (stage) => {
      const { all } = await stage.cast();
      const { scene, guild } = stage;
      const paris = stage.citizen('Paris');
      for (const one of all) await one.sees(paris);
      scene.changeMember(paris, guild, { nick: 'County Paris' });
      for (const one of all) {
        expect(codesOf(await one.sees('Paris', 'unavailable'))).toContain(303);
        await one.sees('County Paris');
      }
      scene.ban(paris, guild);
      for (const one of all) expect(codesOf(await one.sees('County Paris', 'unavailable'))).toContain(301);
      const abram = stage.citizen('Abram');
      for (const one of all) await one.sees(abram);
      scene.leave(abram, guild);
      for (const one of all) await one.sees(abram, 'unavailable');
    },
  ),

  scenario('JID-17 two of one name: the second has the user name behind it', async (stage) => {
    const first = stage.citizen('Gregory');
    const second = stage.citizen('Gregory');
    const romeo = await stage.alone(false);
    const nicks = (await romeo.enters()).occupants.map(({ attrs }) => attrs.from?.split('/')[1]);
    expect(nicks).toContain('Gregory');
    expect(
      nicks.filter((nick) => nick === `Gregory (${first.username})` || nick === `Gregory (${second.username})`),
    ).toHaveLength(1);
  }),

  scenario(
    'JID-04 names that servers refuse in an address: they are there by what is left, and heard',
    async (stage) => {
      const { scene, where } = stage;
      const paris = stage.citizen('Paris 🎉');
      const friar = stage.citizen('שלום Laurence');
      const romeo = await stage.alone(false);
      const { occupants } = await romeo.enters();
      const nicks = occupants.map(({ attrs }) => attrs.from?.split('/')[1]);
      expect(nicks).toEqual(expect.arrayContaining(['Paris', 'שלום']));
      scene.say(friar, where, 'so light a foot');
      expect((await romeo.client.receive('<message><body>so light a foot</body></message>')).attrs.from).toBe(
        `${stage.room}/שלום`,
      );
      scene.say(paris, where, 'happily met');
      expect((await romeo.client.receive('<message><body>happily met</body></message>')).attrs.from).toBe(
        `${stage.room}/Paris`,
      );
    },
  ),

  scenario('who is online, away or busy shows it, with their words', async (stage) => {
    const romeo = await stage.alone();
    const { scene, tybalt } = stage;
    const words = { type: 4, name: 'Custom Status', id: 'custom', state: 'at the fencing school', created_at: 0 };
    const shown = (status: string, activities: readonly object[] = []): void =>
      scene.setPresence(tybalt, { status, client_status: { web: status }, activities } as never);
    shown('dnd', [words]);
    const busy = await romeo.sees(tybalt);
    expect([textOf(child(busy, 'show')), textOf(child(busy, 'status'))]).toEqual(['dnd', 'at the fencing school']);
    shown('idle');
    expect(textOf(child(await romeo.sees(tybalt), 'show'))).toBe('away');
    shown('online');
    expect(child(await romeo.sees(tybalt), 'show')).toBeUndefined();
    scene.setPresence(tybalt);
    expect(textOf(child(await romeo.sees(tybalt), 'show'))).toBe('xa');
  }),

  scenario('45-30 what the bot does not see, what is no room and what is not there can’t be entered', async (stage) => {
    const { scene, guild } = stage;
    const romeo = await stage.alone();
    const hidden = stage.channel();
    scene.rule(hidden, { of: 'everyone', deny: May.ViewChannel });
    const role = [...guild.roles.values()].find(({ tags }) => tags?.bot_id === stage.bot.user.id);
    if (role !== undefined) scene.rule(hidden, { of: role, deny: May.ViewChannel });
    const forum = scene.channel(guild, { name: 'tales', type: 15 });
    await stage.heeded();
    const met: string[] = [];
    for (const id of [hidden.id, forum.id, '1', 'nonsense'])
      met.push((await refusal(romeo.enters(stage.roomOf({ id })))).condition);
    expect(met).toEqual(['registration-required', 'feature-not-implemented', 'item-not-found', 'item-not-found']);
  }),

  scenario(
    '100-42 100-16 who takes the gateway out of their contacts is off Discord, and there again when it is added',
    async (stage) => {
      const romeo = await stage.alone();
      const { client } = romeo;
      const { domain } = stage.place;
      const says = (type: string) => client.send(`<presence type='${type}' to='${domain}'/>`);
      says('subscribed');
      says('subscribe');
      // Prosody keeps the answer to itself.
      await client.roundtrip(domain);
      for (const type of ['unsubscribe', 'unsubscribed']) says(type);
      await client.receive(`<presence type='unavailable' from='${stage.room}/${romeo.nick}'/>`);
      const told = await client.receive((one) => one.name === 'message' && one.attrs.from === domain);
      expect(textOf(child(told, 'body') ?? told)).toContain('You have taken me out of your contacts.');
      await until('the bot is off', () => stage.sessionOf() === undefined, 20_000);
      client.send(`<message type='chat' id='late' to='${stage.contactOf(stage.tybalt)}'><body>psst</body></message>`);
      expect(conditionOf(await client.receive(`<message type='error' id='late'/>`))).toBe('registration-required');
      says('subscribe');
      await until('the bot is back', () => stage.sessionOf() !== undefined, 20_000);
      await romeo.enters();
    },
  ),
]);
