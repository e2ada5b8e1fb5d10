/** CHECKLIST 45-51, 317-01, 421-03 and 45-32: what becomes known of occupants, how it shows, and what is not told. */
import { describe, expect, test } from 'vitest';
import type { Member, MemberFacts } from '../../../../src/core/event.ts';
import { messageId, personId } from '../../../../src/core/ids.ts';
import type { Element } from '../../../../src/xml/element.ts';
import type { Outgoing } from '../../../../src/xmpp/outgoing.ts';
import { child, childrenOf, textOf } from '../../../harness/markup.ts';
import { desk, inbox, inVerona, member, noon, phone, room, text, verona, type World } from './world.ts';

const learns = (world: World, nick: string, facts: MemberFacts): readonly Element[] =>
  inbox(world.changes({ is: 'facts', person: personId(nick), facts }), phone);
const showOf = (one: Element | undefined) => [textOf(child(one, 'show')), textOf(child(one, 'status'))];
const hatsOf = (one: Element | undefined) =>
  childrenOf(child(one, 'hats', 'urn:xmpp:hats:0'), 'hat').map(({ attrs }) => [attrs.title, attrs.uri]);
const idOf = (one: Element | undefined) => child(one, 'occupant-id')?.attrs.id;
const enters = (world: World, who: Partial<Member> & { readonly nick: string }) =>
  inbox(world.changes({ is: 'in', member: { ...member(who.nick), ...who } }), phone);

/** Of juliet, to a message of hers. */
const deed = { at: new Date(noon), chat: verona, by: personId('juliet'), target: { id: messageId('m1'), part: 0 } };

describe('away', () => {
  test('45-50 a presence with show and status to all, and a plain one when they are back', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone, desk]);
    const [away, ...more] = learns(world, 'juliet', { show: 'away', status: 'asleep' });
    expect([away?.attrs.from, showOf(away), more]).toEqual([`${room}/juliet`, ['away', 'asleep'], []]);
    const [back] = learns(world, 'juliet', { show: null, status: null });
    expect(showOf(back)).toEqual(['', '']);
    expect(learns(world, 'juliet', { show: 'online' })).toEqual([]);
  });

  test('45-20 whoever comes in later sees it', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    learns(world, 'juliet', { show: 'xa' });
    expect(showOf(inbox(world.enter(desk), desk)[0])).toEqual(['xa', '']);
  });

  test('a list without it says that they are there', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    learns(world, 'juliet', { show: 'away', account: 'capulet' });
    const got = inbox(world.list('Romeo', 'juliet'), phone);
    expect(got.map(showOf)).toEqual([['', '']]);
    expect(world.list('Romeo', 'juliet')).toEqual([]);
  });

  test('ours is what our clients show, whatever the network says', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(learns(world, 'romeo', { show: 'away' })).toEqual([]);
  });

  test('45-32 in a crowd it waits for the next presence', () => {
    const crowd = Array.from({ length: 1000 }, (_, i) => `citizen${i}`);
    const world = inVerona(['Romeo', ...crowd], [phone]);
    expect(learns(world, 'citizen7', { show: 'away' })).toEqual([]);
    const [one] = inbox(world.changes({ is: 'power', person: personId('citizen7'), power: 'moderator' }), phone);
    expect(showOf(one)).toEqual(['away', '']);
  });

  test('after a restart nobody is told again who is away', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    learns(world, 'juliet', { show: 'away' });
    expect(world.face.snapshot(verona)?.occupants).toEqual(['participant Romeo', 'participant/away juliet']);
  });
});

describe('hats', () => {
  test('317-01 bots and operators wear theirs, with addresses that stay', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    expect(hatsOf(enters(world, { nick: 'puck', isBot: true })[0])).toEqual([['Bot', 'urn:isthmus:hats:bot']]);
    const [both] = learns(world, 'puck', { isOperator: true });
    expect(hatsOf(both).map(([title]) => title)).toEqual(['Bot', 'Network operator']);
    const [one] = learns(world, 'puck', { isBot: null });
    expect(hatsOf(one)).toEqual([['Network operator', 'urn:isthmus:hats:operator']]);
    expect(hatsOf(learns(world, 'romeo', { isOperator: true })[0])).toHaveLength(1);
  });
});

describe('hats of the network', () => {
  test('317-01 those of somebody, with their colours; told again where they change, and not where they don’t', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const guard = { id: 'r 1', title: 'Guard', hue: 217 };
    const [came] = enters(world, { nick: 'puck', hats: [guard, { id: '2', title: 'Poet' }] });
    expect(hatsOf(came)).toEqual([
      ['Guard', 'urn:isthmus:hats:network:r%201'],
      ['Poet', 'urn:isthmus:hats:network:2'],
    ]);
    const [first] = childrenOf(child(came, 'hats', 'urn:xmpp:hats:0'), 'hat');
    expect(first?.attrs.hue).toBe('217');
    expect(learns(world, 'puck', { hats: [{ ...guard }, { id: '2', title: 'Poet' }] })).toEqual([]);
    const [one] = learns(world, 'puck', { hats: [{ ...guard, title: 'Captain' }] });
    expect(hatsOf(one).map(([title]) => title)).toEqual(['Captain']);
    expect(hatsOf(learns(world, 'puck', { hats: null })[0])).toEqual([]);
  });
});

describe('what nobody is told of by itself', () => {
  test.each([[{ address: 'j@capulet.example' }], [{ account: 'capulet' }], [{ realName: 'Juliet Capulet' }]])(
    '%j',
    (facts) => {
      const world = inVerona(['Romeo', 'juliet'], [phone]);
      expect(learns(world, 'juliet', facts)).toEqual([]);
      expect(learns(world, 'nobody', facts)).toEqual([]);
    },
  );

  test('45-51 an address shows from the next presence on', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    learns(world, 'juliet', { address: 'j@capulet.example' });
    const item = child(child(inbox(world.enter(desk), desk)[0], 'x'), 'item');
    expect(item?.attrs.jid).toBe('juliet%net@irc.test/j@capulet.example');
  });
});

describe('occupant-id', () => {
  test('421-03 the account, else the address, else the id they came in with', () => {
    const world = inVerona(['Romeo'], [phone]);
    expect(idOf(enters(world, { nick: 'a', account: 'one', address: 'a@host' })[0])).toBe('occupant-account one');
    expect(idOf(enters(world, { nick: 'b', address: 'b@host' })[0])).toBe('occupant-address b@host');
    expect(idOf(enters(world, { nick: 'c' })[0])).toBe('occupant-c');
  });

  test('421-03 it outlives changes of nick; who comes in under the old nick has another', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const renamed = world.changes({ is: 'renamed', person: personId('juliet'), nick: 'jules', as: personId('jules') });
    expect(inbox(renamed, phone).map(idOf)).toEqual(['occupant-juliet', 'occupant-juliet']);
    expect(idOf(enters(world, { nick: 'juliet' })[0])).toBe('occupant-juliet 2');
  });

  test('421-03 two with one account are two; the first who goes frees it', () => {
    const world = inVerona(['Romeo'], [phone]);
    enters(world, { nick: 'a', account: 'one' });
    expect(idOf(enters(world, { nick: 'b', account: 'one' })[0])).toBe('occupant-account one b');
    world.changes({ is: 'out', person: personId('a'), how: 'left' });
    expect(idOf(enters(world, { nick: 'c', account: 'one' })[0])).toBe('occupant-account one');
  });

  test('421-03 who logs in is the account from then on, and stays it when they log out', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    learns(world, 'juliet', { account: 'capulet' });
    expect(idOf(learns(world, 'juliet', { show: 'away' })[0])).toBe('occupant-account capulet');
    learns(world, 'juliet', { account: null });
    expect(idOf(learns(world, 'juliet', { show: null })[0])).toBe('occupant-account capulet');
  });

  test('421-03 of whom nothing was known the address counts when it becomes known, as when they come again', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    expect(learns(world, 'juliet', { address: 'j@host' })).toEqual([]);
    const id = 'occupant-address j@host';
    const said = inbox(world.says('juliet', 'hello'), phone);
    expect(said.map((one) => [one.name, idOf(one)])).toEqual([
      ['presence', id],
      ['message', id],
    ]);
    world.changes({ is: 'out', person: personId('juliet'), how: 'left' });
    expect(idOf(enters(world, { nick: 'juliet', address: 'j@host' })[0])).toBe(id);
    learns(world, 'juliet', { address: 'elsewhere@host' });
    expect(idOf(learns(world, 'juliet', { show: 'away' })[0])).toBe(id);
  });

  test('421-02 who is heard under another id than they were shown with is shown with it first, and once; who is silent is not', () => {
    const world = inVerona(['Romeo', 'juliet!j@host', 'nurse!n@host'], [phone]);
    for (const nick of ['juliet', 'nurse']) expect(learns(world, nick, { account: `the ${nick}` })).toEqual([]);
    const late = inbox(world.enter(desk), desk);
    expect(late.map(idOf)).toContain('occupant-account the juliet');
    const kinds = (all: readonly Element[]) => all.map((one) => [one.name, idOf(one)]);
    const id = 'occupant-account the juliet';
    for (const [n, wanted] of [
      [
        ['presence', id],
        ['message', id],
      ],
      [['message', id]],
    ].entries())
      expect(kinds(inbox(world.says('juliet', `word ${n}`), phone))).toEqual(wanted);
    expect(learns(world, 'juliet', { account: 'the juliet', realName: 'J' })).toEqual([]);
  });

  test.each<[what: string, act: (world: World) => readonly Outgoing[]]>([
    ['a correction', (world) => world.event({ ...deed, kind: 'edited', content: text('two') })],
    ['a reaction', (world) => world.event({ ...deed, kind: 'reaction', emoji: '👍', present: true })],
    ['a retraction', (world) => world.event({ ...deed, kind: 'retracted' })],
    ['a subject', (world) => world.topic({ topic: 'news', topicBy: 'juliet' }, 'juliet')],
  ])('421-02 the same of %s', (_, act) => {
    const world = inVerona(['Romeo', 'juliet!j@host'], [phone]);
    world.says('juliet', 'one', { ref: deed.target });
    learns(world, 'juliet', { account: 'capulet' });
    const [first, ...more] = inbox(act(world), phone);
    expect([first?.name, idOf(first)]).toEqual(['presence', 'occupant-account capulet']);
    expect(more.map(({ name }) => name)).toEqual(['message']);
  });

  test('421-02 who goes, or is shown for another reason, need not be shown again', () => {
    const world = inVerona(['Romeo', 'juliet!j@host', 'nurse!n@host'], [phone]);
    for (const nick of ['juliet', 'nurse']) learns(world, nick, { account: nick });
    learns(world, 'juliet', { show: 'away' });
    world.changes({ is: 'out', person: personId('nurse'), how: 'left' });
    enters(world, { nick: 'nurse', account: 'nurse' });
    for (const nick of ['juliet', 'nurse'])
      expect(inbox(world.says(nick, 'hello'), phone).map(({ name }) => name)).toEqual(['message']);
  });
});
