/** What the room itself says: from its own address, once to everybody, kept as what it is. */
import { expect, test } from 'vitest';
import { plainText } from '../../../../src/core/content.ts';
import { bodyOf, child } from '../../../harness/markup.ts';
import { desk, inbox, inVerona, noon, phone, room, verona, type World } from './world.ts';

const remarks = (world: World, plain: string) =>
  world.event({ kind: 'remark', chat: verona, text: plainText(plain), at: new Date(noon) });

test('45-40 to all, from the room, with its stanza-id; into the archive as a remark', () => {
  const world = inVerona(['Romeo'], [phone, desk]);
  const stanzas = remarks(world, 'Mode +m by juliet');
  expect(stanzas).toMatchObject([{ type: 'groupchat', from: room, to: [phone, desk], keep: true }]);
  const [one] = inbox(stanzas, desk);
  expect(one && bodyOf(one)).toBe('Mode +m by juliet');
  expect(child(one, 'stanza-id')?.attrs).toEqual({ by: room, id: one?.attrs.id });
  expect(child(one, 'occupant-id')).toBeUndefined();
  expect(world.archive).toMatchObject([{ nick: '', kind: 'remark', id: one?.attrs.id, at: noon }]);
});

test('45-35 in the history it is the room’s own as well', () => {
  const world = inVerona(['Romeo'], [phone]);
  remarks(world, 'Mode +m by juliet');
  const got = inbox(world.enter(desk, 'Romeo', undefined, world.archive), desk);
  expect(got.filter((one) => bodyOf(one) !== undefined).map((one) => one.attrs.from)).toEqual([room]);
});

test('45-20 behind the subject for who is being let in; nothing for nobody', () => {
  const world = inVerona(['Romeo'], [phone]);
  const entering = world.begin(desk, 'Romeo');
  remarks(world, 'meanwhile');
  expect(inbox(entering.finish([]), desk).map(bodyOf).at(-1)).toBe('meanwhile');
  expect(remarks(world, '')).toEqual([]);
});
