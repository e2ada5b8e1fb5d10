/** Who is in a large guild, asked for again before the first answer is there. */
import { expect, test } from 'vitest';
import type { Core } from '../../../../bridges/discord/core.ts';
import type { Guild } from '../../../../bridges/discord/guild.ts';
import { createRolls } from '../../../../bridges/discord/roll.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';

const user = (id: string) => ({ id, username: `u${id}`, discriminator: '0', global_name: null, avatar: null });

test('the second question is answered when its answer comes, whatever became of the first, and who has gone is known no more', async () => {
  const clock = createManualClock();
  const guild = {
    id: 'g',
    shard: 0,
    memberCount: 2,
    isWhole: false,
    members: new Map([['9', { id: '9', nick: 'gone' }]]),
    nicks: new Map(),
    presences: new Map(),
  } as unknown as Guild;
  const core = {
    clock,
    guilds: new Map([['g', guild]]),
    intents: { has: { members: true, presences: false } },
    link: { send: () => undefined },
  } as unknown as Core;
  const ends: string[] = [];
  const rolls = createRolls(core, () => ends.push('known'));
  void rolls.call(guild).then(() => ends.push('first'));
  await clock.advance(10_000);
  rolls.again(guild);
  void guild.roll?.then(() => ends.push('second'));
  await clock.advance(11_000);
  guild.memberCount = 1;
  const members = [{ user: user('1'), roles: [] }];
  rolls.heard({ guild_id: 'g', members, chunk_index: 0, chunk_count: 1 } as unknown as Parameters<
    typeof rolls.heard
  >[0]);
  await clock.advance(0);
  expect([ends, [...guild.members.keys()], clock.waiting]).toEqual([['first', 'known', 'second'], ['1'], 0]);
});
