/** Whom and what typed names mean in a guild: looked up in steps that grow with the text and the guild, not with both at once. */
import { expect, test } from 'vitest';
import type { Core } from '../../../../bridges/discord/core.ts';
import type { Channel, Guild } from '../../../../bridges/discord/guild.ts';
import { dropMember, nickOf, putMember } from '../../../../bridges/discord/guild-fold.ts';
import { namesIn } from '../../../../bridges/discord/naming.ts';
import { write } from '../../../../bridges/discord/text/index.ts';
import { plainText } from '../../../../src/bridge/index.ts';

/** Counts how often all of it is gone through. */
class Counted<Value> extends Map<string, Value> {
  rounds = 0;
  override values() {
    this.rounds++;
    return super.values();
  }
}

const user = (id: string, username: string) =>
  ({ id, username, discriminator: '0', global_name: null, avatar: null }) as Parameters<typeof putMember>[1];

function setUp() {
  const members = new Counted<Guild['members'] extends Map<string, infer One> ? One : never>();
  const channels = new Counted<Channel>();
  const guild = {
    id: 'g',
    members,
    channels,
    roles: new Map(),
    nicks: new Map(),
    presences: new Map(),
    emoji: new Map(),
  } as unknown as Guild;
  const core = { guilds: new Map([['g', guild]]), me: '1' } as unknown as Core;
  const written = (text: string) =>
    write({ text: plainText(text) }, namesIn(core, guild, undefined)).map(({ content }) => content);
  return { guild, members, channels, written };
}

test('of a text full of names the guild’s people and channels are gone through once', () => {
  const { guild, members, channels, written } = setUp();
  for (let id = 10; id < 60; id++) putMember(guild, user(`${id}`, `citizen${id}`), { nick: `Citizen ${id}` });
  channels.set('7', { id: '7', name: 'general', type: 0 } as Channel);
  expect(written('@nobody at all #nowhere at all '.repeat(100)).length).toBeGreaterThan(1);
  expect([members.rounds, channels.rounds]).toEqual([1, 1]);
  expect(written('@citizen 12, @CITIZEN13 in #General')).toEqual(['<@12>, <@13> in <#7>']);
  expect(members.rounds).toBe(1);
});

test('who is called otherwise, came or has gone is found by what they are called now', () => {
  const { guild, members, written } = setUp();
  putMember(guild, user('10', 'ada'), { nick: 'Ada' });
  expect(written('@ADA @Countess')).toEqual(['<@10> @Countess']);
  putMember(guild, user('10', 'ada'), { nick: 'Countess' });
  expect(written('@ADA @COUNTESS')).toEqual(['<@10> <@10>']);
  putMember(guild, user('11', 'countess'), { nick: 'Ben' });
  expect(written('@COUNTESS @BEN')).toEqual(['@COUNTESS <@11>']);
  dropMember(guild, '10');
  expect(written('@ADA @COUNTESS')).toEqual(['@ADA <@11>']);
  // In a guild of a hundred thousand to go through all of them takes a quarter of a second.
  expect(members.rounds).toBe(1);
});

test('JID-04 JID-17 whatever people call themselves, their nicks are such as servers pass on, and each is one person’s', () => {
  const { guild } = setUp();
  const nick = (id: string, name: string | null, username = `citizen${id}`) =>
    putMember(guild, user(id, username), { nick: name }).nick;
  expect(nick('10', 'Bob 🎉')).toBe('Bob');
  expect(nick('11', '𝓑𝓸𝓫')).toBe('Bob (citizen11)');
  expect(nick('12', '🎉🎉')).toBe('citizen12');
  expect(nick('13', '🎉', '🎉')).toBe('13');
  expect(nick('14', 'שלום John')).toBe('שלום');
  // Behind it no user name can stand.
  expect(nick('15', 'שלום')).toBe('citizen15');
  expect(nick('15', 'שלום')).toBe('citizen15');
  expect(nickOf({ ...user('16', '🎉 hook') })).toBe('hook');
});
