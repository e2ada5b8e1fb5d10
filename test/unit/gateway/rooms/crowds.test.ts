/** Rooms of thousands: who comes in is told of them in pieces, and so is what a new list of them changes. */
import { expect, test } from 'vitest';
import { personId } from '../../../../src/core/ids.ts';
import { codesOf } from '../../../harness/markup.ts';
import { asking, createWorld, desk, inbox, inVerona, member, noon, phone, room, verona } from './world.ts';

test('45-20 a crowd is told in pieces; who left, changed nick or came meanwhile is told before the self-presence, and no more', () => {
  const world = createWorld();
  const entering = world.begin(phone, 'Romeo', undefined, 'j1');
  world.list('Romeo', 'juliet', 'tybalt', 'nurse', 'paris', 'benvolio');
  const told = (stanzas: Parameters<typeof inbox>[0]): readonly string[] =>
    inbox(stanzas, phone).map((one) => `${one.attrs.from?.slice(room.length + 1)} ${one.attrs.type ?? one.name}`);
  expect(entering.others).toBe(5);
  expect(told(entering.some(3))).toEqual(['juliet presence', 'tybalt presence', 'nurse presence']);
  expect(entering.others).toBe(2);
  expect(
    world.changes(
      { is: 'out', person: member('juliet').person, how: 'kicked' },
      { is: 'renamed', person: member('tybalt').person, nick: 'prince' },
      { is: 'power', person: member('nurse').person, power: 'voiced' },
      { is: 'out', person: member('paris').person, how: 'left' },
      { is: 'in', member: member('mercutio') },
    ),
  ).toEqual([]);
  world.says('nurse', 'meanwhile');
  expect(told(entering.some(1))).toEqual(['benvolio presence']);
  expect(told(entering.finish([]))).toEqual([
    'juliet unavailable',
    'tybalt unavailable',
    'nurse presence',
    'prince presence',
    'mercutio presence',
    'Romeo presence',
    ' groupchat',
    'nurse groupchat',
  ]);
});

test('45-15 054-01 whoever is being told of a crowd may ask about those of whom they have heard', async () => {
  const world = createWorld();
  const entering = world.begin(phone, 'Romeo');
  world.list('Romeo', 'juliet', 'tybalt');
  expect(entering.some(1)).toHaveLength(1);
  const asks = (payload: string) =>
    world.hear(`<iq type='get' id='q' from='${phone}' to='${room}/juliet'>${payload}</iq>`);
  const card = await asks(`<vCard xmlns='vcard-temp'/>`).question?.(asking(world.session));
  const disco = asks(`<query xmlns='http://jabber.org/protocol/disco#info'/>`).stanzas;
  expect([...(card ?? []), ...disco].map(({ type }) => type)).toEqual(['result', 'result']);
});

test('45-20 whoever leaves, or is thrown out, while being told of a crowd is told no more', () => {
  for (const end of [
    (world: ReturnType<typeof createWorld>) =>
      world.hear(`<presence type='unavailable' from='${phone}' to='${room}/Romeo'/>`).stanzas,
    (world: ReturnType<typeof createWorld>) =>
      world.event({ kind: 'removed', chat: verona, how: 'kicked', at: new Date(noon) }),
  ]) {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo', 'juliet', 'tybalt');
    expect(entering.some(1)).toHaveLength(1);
    expect(inbox(end(world), phone).map(codesOf)).toEqual([expect.arrayContaining([110])]);
    expect([entering.others, entering.some(5), entering.finish([])]).toEqual([0, [], []]);
  }
});

test('45-20 a list that comes in pieces is whole with its last, and its end alone is none', () => {
  const world = inVerona(['Romeo', 'juliet', 'tybalt'], [phone]);
  const list = { kind: 'members', chat: verona, at: new Date(noon) } as const;
  const ins = (...names: readonly string[]) => names.map((name) => ({ is: 'in', member: member(name) }) as const);
  expect(world.event({ ...list, changes: ins('paris'), piece: 'last', complete: true })).toEqual([]);
  expect(inbox(world.event({ ...list, changes: ins('Romeo'), piece: 'first' }), phone)).toEqual([]);
  const came = inbox(world.event({ ...list, changes: ins('nurse'), piece: 'next' }), phone);
  expect(came.map(({ attrs }) => attrs.from)).toEqual([`${room}/nurse`]);
  const went = inbox(world.event({ ...list, changes: ins('juliet'), piece: 'last', complete: true }), phone);
  expect(went.map(({ attrs }) => [attrs.from, attrs.type])).toEqual([[`${room}/tybalt`, 'unavailable']]);
});

test('45-20 the first list of a room that is entered may come in pieces', () => {
  const world = createWorld();
  const entering = world.begin(phone, 'Romeo');
  const list = { kind: 'members', chat: verona, at: new Date(noon) } as const;
  const ins = (name: string) => [{ is: 'in', member: member(name) } as const];
  world.event({ ...list, changes: ins('Romeo'), piece: 'first' });
  world.event({ ...list, changes: ins('juliet'), piece: 'next' });
  world.event({ ...list, changes: ins('nurse'), piece: 'last', complete: true });
  expect(world.face.isIn(verona)).toBe(true);
  const told = inbox(entering.finish([]), phone).filter(({ name }) => name === 'presence');
  expect(told.map(({ attrs }) => attrs.from)).toEqual([`${room}/juliet`, `${room}/nurse`, `${room}/Romeo`]);
});

test('45-20 45-64 of a crowd that is not on the list any more no projection tells more than five hundred', () => {
  const crowd = Array.from({ length: 1_200 }, (_, n) => `member${n}`);
  const world = inVerona(['Romeo', ...crowd], [phone]);
  const projection = world.face.apply({
    kind: 'members',
    chat: verona,
    at: new Date(noon),
    changes: [{ is: 'in', member: member('Romeo') }],
    complete: true,
  });
  expect(projection.stanzas).toHaveLength(500);
  expect(projection.rest).toMatchObject({ kind: 'members', chat: verona });
  const rest = projection.rest?.kind === 'members' ? projection.rest.changes : [];
  expect(rest.map((change) => (change.is === 'out' ? change.person : ''))).toEqual(crowd.slice(500));
  expect(world.changes(...rest)).toHaveLength(700);
  expect(inbox(world.enter(desk, 'Romeo'), desk).map(({ attrs }) => attrs.from)).toEqual([`${room}/Romeo`, room]);
});

test('45-57 a list that waited, and in which we are called as we were then, puts nobody out', () => {
  const world = inVerona(['Romeo', 'juliet'], [phone]);
  const changes = ['juliet', 'Romeo_'].map((nick) => ({ is: 'in', member: member(nick) }) as const);
  const list = { kind: 'members', chat: verona, at: new Date(noon), changes, complete: true } as const;
  // We came back under another nick, and have our own again since.
  const told = [
    ...world.face.apply(list, personId('romeo_')).stanzas,
    ...world.changes({ is: 'renamed', person: personId('romeo_'), nick: 'Romeo', as: personId('romeo') }),
  ];
  expect(inbox(told, phone).map((one) => [one.attrs.from, one.attrs.type, codesOf(one)])).toEqual([
    [`${room}/Romeo`, 'unavailable', [303, 110]],
    [`${room}/Romeo_`, undefined, [110]],
    [`${room}/Romeo_`, 'unavailable', [303, 110]],
    [`${room}/Romeo`, undefined, [110]],
  ]);
  expect(world.face.clients(verona)).toEqual([phone]);
});
