/** Who is in a large guild, of which Discord tells in pieces while people come and go: what is in a piece may be older than what was told before it. */
import { expect, test } from 'vitest';
import { tail } from '../../../harness/discord/events.ts';
import { dispatch } from '../../../harness/discord/gateway/session.ts';
import { quick } from '../../../harness/discord/settings.ts';
import { useStage } from './stage.ts';

/** The first answer comes from the server, the second from the test. */
const stage = useStage({ ...quick, membersEveryMs: 3_600_000 });

test('45-32 who came into a guild while its people were told is in its rooms, and who left meanwhile is not', async () => {
  const { discord } = stage;
  const { world, connections } = discord;
  const guild = world.guild('Milan', world.user('isabella'));
  const crowd = world.crowd(guild, 60, 'milanese');
  const bot = world.bot('envoy');
  world.invite(bot, guild);
  const { enters, hears } = await stage.login({ bot });
  const room = world.find(guild, 'general');
  const peopleIn = async () => {
    await enters(room);
    const { changes } = await hears('members', ({ complete }) => complete === true);
    return changes.flatMap((one) => (one.is === 'in' ? [one.member.person as string] : []));
  };
  const before = await peopleIn();
  world.setAvailable(guild, false);
  world.setAvailable(guild, true);
  const all = [...guild.members.values()];
  const late = world.user('late');
  const [first, last] = [crowd[0], crowd.at(-1)];
  if (first === undefined || last === undefined) throw new Error('there is no crowd');
  const session = [...connections].find((one) => one.session?.application === bot)?.session;
  const tellPiece = (index: number): void => {
    const members = all.slice(30 * index, index === 0 ? 30 : all.length);
    const chunk = { guild_id: guild.id, members, chunk_index: index, chunk_count: 2, nonce: guild.id };
    if (session !== undefined) dispatch(session, tail('GUILD_MEMBERS_CHUNK', chunk), 5_000);
  };
  tellPiece(0);
  for (const one of [first, last]) world.leave(one, guild);
  world.join(late, guild);
  tellPiece(1);
  await discord.heeded(bot);
  const stayed = before.filter((id) => id !== first.id && id !== last.id);
  expect((await peopleIn()).toSorted()).toEqual([...stayed, late.id].toSorted());
});
