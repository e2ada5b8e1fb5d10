/** Who is in a large guild, where Discord wants to be asked later, and where the connection is lost before its answer. */
import { expect, test } from 'vitest';
import { quick } from '../../../harness/discord/settings.ts';
import { roomOf, useStage } from './stage.ts';

const stage = useStage({ ...quick, membersEveryMs: 1_500 });

/** A guild of sixty: more than come with it. */
function crowded() {
  const { world } = stage.discord;
  const guild = world.guild('Milan', world.user('isabella'));
  world.crowd(guild, 60, 'milanese');
  const bot = world.bot('envoy');
  world.invite(bot, guild);
  return { guild, bot, room: world.find(guild, 'general') };
}

test('45-32 where all members were asked for just now, they are asked for again when Discord takes it, and shown', async () => {
  const { world } = stage.discord;
  const { guild, bot, room } = crowded();
  const { enters, hears } = await stage.login({ bot });
  await enters(room);
  await hears('members', ({ complete }) => complete === true);
  const late = world.user('late');
  world.setAvailable(guild, false);
  world.join(late, guild);
  world.setAvailable(guild, true);
  const { changes } = await hears('members', ({ chat }) => chat === roomOf(room));
  expect(changes).toMatchObject([{ is: 'in', member: { person: late.id } }]);
});

test('45-32 whose answer was lost with the connection is asked for again by the session that goes on', async () => {
  const { bot, room } = crowded();
  const { enters, hears } = await stage.login({ bot });
  stage.discord.freeze();
  const entered = enters(room);
  stage.discord.cut();
  await entered;
  const shown = new Set<string>();
  while (shown.size < 62)
    for (const one of (await hears('members')).changes) if (one.is === 'in') shown.add(one.member.person);
});

test('45-32 rooms are told of who is found one after the other, with something else between them', async () => {
  const { world } = stage.discord;
  const { guild, bot, room } = crowded();
  const rooms = [room, world.channel(guild, { name: 'one' }), world.channel(guild, { name: 'two' })];
  const { enters, hears, events } = await stage.login({ bot });
  for (const one of rooms) await enters(one);
  const late = world.user('later');
  world.setAvailable(guild, false);
  world.join(late, guild);
  world.setAvailable(guild, true);
  type Event = (typeof events)[number];
  const isAboutLate = (event: Event): boolean =>
    event.kind === 'members' && event.changes.some((one) => one.is === 'in' && one.member.person === late.id);
  for (const count of rooms.keys()) {
    await hears('members', isAboutLate);
    expect(events.filter(isAboutLate)).toHaveLength(count + 1);
  }
});
