/** Whoever is banned is told to have been, whichever of Discord's two events comes first; whoever just goes has left. */
import { expect, test } from 'vitest';
import type { Core } from '../../../../bridges/discord/core.ts';
import type { Guild } from '../../../../bridges/discord/guild.ts';
import { createPartings } from '../../../../bridges/discord/parting.ts';
import { createPeopleEvents } from '../../../../bridges/discord/people-events.ts';
import { chatId, type NetworkEvent, personId } from '../../../../src/bridge/index.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';

const user = { id: '7', username: 'ben', discriminator: '0', global_name: null, avatar: null };

function setUp() {
  const clock = createManualClock();
  const events: NetworkEvent[] = [];
  const guild = {
    id: 'g',
    memberCount: 2,
    premiumTier: 0,
    members: new Map([['7', {}]]),
    presences: new Map(),
    nicks: new Map(),
    channels: new Map(),
  };
  const listed = new Map([['7', { person: personId('7'), nick: 'ben', power: 'participant' }]]);
  const room = { chat: chatId('#1'), channel: '1', guild: 'g', listed, spoke: new Set() };
  const core = {
    clock,
    guilds: new Map([['g', guild as unknown as Guild]]),
    channels: new Map(),
    rooms: new Map([[room.chat, room]]),
    partings: createPartings(clock),
    intents: { has: { members: true } },
    emit: (event: NetworkEvent) => void events.push(event),
    now: () => new Date(clock.now()),
  } as unknown as Core;
  const hearers = createPeopleEvents(() => undefined);
  const how = () =>
    events
      .flatMap((event) => (event.kind === 'members' ? event.changes : []))
      .map((one) => one.is === 'out' && one.how);
  return {
    clock,
    how,
    goes: () => hearers.GUILD_MEMBER_REMOVE?.(core, { guild_id: 'g', user }, 0),
    isBanned: () => hearers.GUILD_BAN_ADD?.(core, { guild_id: 'g', user }, 0),
  };
}

test.each([
  ['gone, then banned', ['goes', 'isBanned'], 'banned'],
  ['banned, then gone', ['isBanned', 'goes'], 'banned'],
  ['gone', ['goes'], 'left'],
] as const)('45-61 %s', async (_, order, expected) => {
  const scene = setUp();
  for (const event of order) scene[event]();
  await scene.clock.advance(1_000);
  await scene.clock.advance(1_000);
  expect(scene.how()).toEqual([expected]);
});
