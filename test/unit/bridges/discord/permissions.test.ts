/** Who may do what where, by the examples of the API reference, and what it comes to in a room (45-63). */
import { expect, test } from 'vitest';
import { type Channel, channelType, type Guild, type Member } from '../../../../bridges/discord/guild.ts';
import { may, permissionsIn, powerIn, powersIn } from '../../../../bridges/discord/permissions.ts';

const role = (id: string, permissions: bigint) =>
  [id, { id, name: id, permissions, position: 1, colour: 0, isHoisted: false, isMentionable: false }] as const;
const member = (id: string, roles: readonly string[] = [], silencedUntil?: number): Member => ({
  id,
  nick: id,
  username: id,
  isBot: false,
  roles,
  avatar: undefined,
  silencedUntil,
  isScreened: false,
});
const overwrite = (id: string, allow: bigint, deny: bigint) => [id, { allow, deny }] as const;

function channel(id: string, more: Partial<Channel> = {}): Channel {
  return {
    id,
    guild: 'g',
    type: channelType.text,
    name: id,
    topic: '',
    parent: undefined,
    position: 0,
    slowModeSeconds: 0,
    overwrites: new Map(),
    thread: undefined,
    ...more,
  };
}

function guild(...channels: readonly Channel[]): Guild {
  return {
    id: 'g',
    name: 'Verona',
    owner: 'owner',
    icon: undefined,
    memberCount: 0,
    premiumTier: 0,
    isAway: false,
    shard: 0,
    roles: new Map([
      role('g', may.view | may.send | may.sendInThreads),
      role('admins', may.administrate),
      role('keepers', may.manageChannels),
      role('guards', may.timeOut),
      role('muted', 0n),
    ]),
    channels: new Map(channels.map((one) => [one.id, one])),
    hats: new Map(),
    members: new Map(),
    nicks: new Map(),
    called: undefined,
    presences: new Map(),
    emoji: new Map(),
    isWhole: true,
    roll: undefined,
  };
}

const open = channel('open');
const news = channel('news', {
  overwrites: new Map([overwrite('g', 0n, may.send), overwrite('guards', may.send, 0n)]),
});
const secret = channel('secret', {
  overwrites: new Map([
    overwrite('g', 0n, may.view),
    overwrite('guards', may.view, 0n),
    overwrite('ann', may.view, 0n),
  ]),
});
const quiet = channel('quiet', {
  overwrites: new Map([
    overwrite('muted', 0n, may.send),
    overwrite('guards', may.send, 0n),
    overwrite('bob', 0n, may.send),
  ]),
});
const thread = channel('thread', {
  type: channelType.publicThread,
  parent: 'news',
  thread: { isArchived: false, isLocked: false, isPrivate: false, members: new Set(), isRead: false },
});
const locked = channel('locked', {
  type: channelType.publicThread,
  parent: 'news',
  thread: { isArchived: false, isLocked: true, isPrivate: false, members: new Set(), isRead: false },
});
const cell = channel('cell', {
  type: channelType.privateThread,
  parent: 'open',
  thread: { isArchived: false, isLocked: false, isPrivate: true, members: new Set(['ann']), isRead: true },
});
const verona = guild(open, news, secret, quiet, thread, cell);

test.each([
  [open, member('owner'), 'owner'],
  [open, member('x', ['admins']), 'admin'],
  [open, member('x', ['keepers']), 'admin'],
  [open, member('x', ['guards']), 'moderator'],
  [open, member('x'), 'participant'],
  [open, member('x', [], 1001), 'visitor'],
  [open, member('x', [], 1000), 'participant'],
  [news, member('x'), 'visitor'],
  [news, member('x', ['guards']), 'moderator'],
  [secret, member('x'), undefined],
  [secret, member('ann'), 'participant'],
  [secret, member('x', ['admins']), 'admin'],
  [quiet, member('x', ['muted']), 'visitor'],
  [quiet, member('x', ['muted', 'guards']), 'moderator'],
  [quiet, member('bob', ['guards']), 'moderator'],
  [thread, member('x'), 'participant'],
  [locked, member('x'), 'visitor'],
  [locked, member('x', ['admins']), 'admin'],
  [cell, member('x'), undefined],
  [cell, member('ann'), 'participant'],
] as const)('45-63 %#: in %o', (where, who, power) => {
  expect(powerIn(verona, where, who, 1000)).toBe(power);
  const ofMany = powersIn(verona, where, 1000);
  const others = [member('x'), member('x', ['guards']), member('y', ['muted']), member('ann')];
  for (const one of [...others, who, who]) expect(ofMany(one)).toBe(powerIn(verona, where, one, 1000));
});

test('roles’ permissions add up, and one’s own overwrite is the last word', () => {
  const held = permissionsIn(verona, quiet, member('bob', ['guards']), 0);
  expect([held & may.send, held & may.timeOut]).toEqual([0n, may.timeOut]);
});

test('nobody who is unknown sees anything', () => {
  expect(permissionsIn(verona, secret, member('nobody', ['never heard of']), 0)).toBe(0n);
});
