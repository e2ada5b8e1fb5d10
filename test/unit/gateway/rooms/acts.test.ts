/** CHECKLIST 45-63, 45-71, 45-73 to 45-75 and 45-77: what a moderator's wish comes to, and the list of outcasts. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { personId } from '../../../../src/core/ids.ts';
import type { Target } from '../../../../src/core/intent.ts';
import { child, childrenOf, codesOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { asking, desk, inbox, inVerona, phone, room, sessionOf, verona, type World } from './world.ts';

const acts = (world: World, ...targets: readonly Target[]) =>
  world.face.acts({ kind: 'moderate', chat: verona, targets, reason: 'peace' });
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'fine';
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
};
const participant: Target = { action: 'power', power: 'participant', alsoFine: ['voiced'] };
const moderator: Target = { action: 'power', power: 'moderator', alsoFine: ['helper', 'admin', 'owner'] };
const none: Target = { action: 'power', power: 'participant', alsoFine: ['visitor'] };

describe('ranks', () => {
  const world = inVerona(
    ['@Romeo', 'plain', '+voiced', '%helper', '@moderator', '&admin', '~owner', '-quiet'],
    [phone],
  );
  test.each<readonly [string, Target, string | undefined]>([
    ['plain', moderator, 'moderator'],
    ['voiced', moderator, 'moderator'],
    ['helper', moderator, undefined],
    ['owner', moderator, undefined],
    ['plain', participant, undefined],
    ['voiced', participant, undefined],
    ['moderator', participant, 'participant'],
    ['quiet', participant, 'participant'],
    ['voiced', none, 'participant'],
    ['quiet', none, undefined],
    ['admin', { action: 'power', power: 'owner', alsoFine: ['admin'] }, undefined],
    ['owner', { action: 'power', power: 'moderator', alsoFine: [] }, 'moderator'],
    ['helper', { action: 'power', power: 'voiced', alsoFine: ['helper'] }, undefined],
    ['plain', { action: 'power', power: 'visitor', alsoFine: [] }, 'visitor'],
  ])('45-63 45-71 %s, asked for %j: %s', (nick, target, power) => {
    const wanted = power === undefined ? [] : [{ person: nick, action: 'power', power, reason: 'peace' }];
    expect(acts(world, { ...target, nick })).toEqual(wanted);
  });

  test('45-71 in a moderated room the right to speak is voice; by person as by nick', () => {
    const moderated = inVerona(['@Romeo', '-juliet'], [phone]);
    moderated.topic({ isModerated: true });
    const voice = [{ person: 'juliet', action: 'power', power: 'voiced', reason: 'peace' }];
    expect(acts(moderated, { ...participant, nick: 'juliet' })).toEqual(voice);
    expect(acts(moderated, { ...participant, person: personId('juliet') })).toEqual(voice);
  });
});

describe('places', () => {
  test('45-70 45-75 kicks and bans of who is here, bans of who is not, bans ended', () => {
    const world = inVerona(['@Romeo', 'Juliet', '@tybalt'], [phone]);
    expect(
      acts(
        world,
        { nick: 'Juliet', action: 'kick', reason: 'out' },
        { person: personId('juliet'), action: 'ban' },
        { nick: 'paris', action: 'ban' },
        { person: personId('*!*@cats.example'), action: 'unban' },
        { person: personId('tybalt'), action: 'unban' },
      ),
    ).toEqual([
      { person: 'juliet', action: 'kick', reason: 'out' },
      { person: 'juliet', action: 'ban', reason: 'peace' },
      { person: 'paris', action: 'ban', reason: 'peace' },
      { person: '*!*@cats.example', action: 'unban', reason: 'peace' },
      { person: 'tybalt', action: 'power', power: 'participant', reason: 'peace' },
    ]);
  });

  test('45-75 who is here without a rank may be banned all the same: that ends too', () => {
    const world = inVerona(['@Romeo', 'Juliet', '-nurse'], [phone]);
    const unban = (person: string): Target => ({ person: personId(person), action: 'unban' });
    expect(acts(world, unban('juliet'), unban('nurse'))).toEqual([
      { person: 'juliet', action: 'unban', reason: 'peace' },
      { person: 'nurse', action: 'unban', reason: 'peace' },
    ]);
  });

  test.each<readonly [string, Target, string]>([
    ['45-73 nobody', { nick: 'nobody', action: 'kick' }, 'no-such-person'],
    ['45-73 nobody by address', { person: personId('nobody'), ...moderator }, 'no-such-person'],
    ['45-73 oneself kicked', { nick: 'Romeo', action: 'kick' }, 'yourself'],
    ['45-73 oneself banned', { nick: 'Romeo', action: 'ban' }, 'yourself'],
    ['45-73 oneself demoted', { nick: 'Romeo', ...participant }, 'yourself'],
    ['45-73 one’s own affiliation', { person: personId('romeo'), action: 'unban' }, 'yourself'],
    ['oneself raised is the network’s to refuse', { nick: 'Romeo', action: 'power', power: 'owner' }, 'fine'],
  ])('%s', (_, target, code) => {
    const world = inVerona(['@Romeo', 'juliet'], [phone]);
    expect(codeOf(() => acts(world, target))).toBe(code);
    expect(codeOf(() => acts(world, { nick: 'juliet', action: 'kick' }, target))).toBe(code);
  });

  test('45-73 oneself is a conflict', () => expect(new GatewayError('yourself').condition).toBe('conflict'));

  test('not in a room that is not open', () => {
    const elsewhere = inVerona(['Romeo'], [phone]);
    elsewhere.face.forget(verona);
    expect(codeOf(() => acts(elsewhere, none))).toBe('not-in-room');
  });

  test('45-76 what the network then tells goes to all with the new item', () => {
    const world = inVerona(['@Romeo', 'juliet'], [phone, desk]);
    const told = world.changes({ is: 'power', person: personId('juliet'), power: 'owner', by: 'Romeo' });
    for (const client of [phone, desk]) {
      const [one] = inbox(told, client);
      expect(child(child(one, 'x'), 'item')?.attrs).toMatchObject({ affiliation: 'owner', role: 'moderator' });
      expect(one && codesOf(one)).toEqual([]);
    }
  });
});

describe('45-74 45-77 the list of outcasts', () => {
  const get = `<iq type='get' id='b' from='${phone}' to='${room}'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='outcast'/></query></iq>`;
  const bans = [
    { mask: '*!*@cats.example', by: 'Romeo', at: Date.UTC(2026, 0, 2) },
    { mask: 'paris!*@*' },
    { mask: '42', name: 'tybalt', reason: 'a brawl' },
  ];
  const list = async (world: World) => {
    const { question } = world.hear(get);
    return inbox((await question?.(asking(world.session))) ?? [], phone)[0];
  };

  test('masks as addresses, themselves in the reason, never a nick', async () => {
    const world = inVerona(['Romeo'], [phone]);
    Object.assign(world.session.rooms ?? {}, { banned: async () => bans });
    const items = childrenOf(child(await list(world), 'query'), 'item');
    expect(items.map(({ attrs }) => attrs)).toEqual([
      { affiliation: 'outcast', jid: '*!*@cats.example%net@irc.test' },
      { affiliation: 'outcast', jid: 'paris!*@*%net@irc.test' },
      { affiliation: 'outcast', jid: '42%net@irc.test' },
    ]);
    expect(items.map((item) => textOf(child(item, 'reason')))).toEqual([
      '*!*@cats.example by Romeo on 2026-01-02',
      'paris!*@*',
      'tybalt: a brawl',
    ]);
  });

  test('a thousand are shown', async () => {
    const world = inVerona(['Romeo'], [phone]);
    Object.assign(world.session.rooms ?? {}, {
      banned: async () => Array.from({ length: 1500 }, (_, i) => ({ mask: `${i}` })),
    });
    expect(childrenOf(child(await list(world), 'query'), 'item')).toHaveLength(1000);
  });

  test('45-73 a network that does not tell; from outside nobody is asked', async () => {
    const world = inVerona(['Romeo'], [phone]);
    await expect(list(world)).rejects.toMatchObject({ code: 'network-cannot' });
    await expect(world.hear(get).question?.(asking(undefined))).rejects.toMatchObject({ code: 'network-cannot' });
    const outside = inVerona(['Romeo'], [desk]).hear(get);
    expect(outside.question).toBeUndefined();
    expect(inbox(outside.stanzas, phone).map(conditionOf)).toEqual(['forbidden']);
    expect(sessionOf('x').rooms?.banned).toBeUndefined();
  });
});
