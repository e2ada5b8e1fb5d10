/** Roles as hats (317-01), and their colours as angles: those of XEP-0392's own library for the same colours. */
import { expect, test } from 'vitest';
import { hatsOf, hueOf } from '../../../../bridges/discord/hats.ts';

test.each([
  [0xff_00_00, 12],
  [0x00_ff_00, 128],
  [0x00_00_ff, 266],
  [0xff_ff_ff, undefined],
  [0x80_80_80, undefined],
  [0x00_00_00, undefined],
])('%i has the angle %s', (colour, hue) => expect(hueOf(colour)).toBe(hue));

test('the highest first, those alone that stand out, five at most, and the same list for the same roles', () => {
  const role = (id: string, position: number, colour: number, isHoisted = false) =>
    [id, { id, name: `the ${id}`, permissions: 0n, position, colour, isHoisted, isMentionable: false }] as const;
  const many = ['1', '2', '3', '4', '5', '6'].map((id, at) => role(id, at + 10, 0, true));
  const guild = {
    id: 'g',
    roles: new Map([
      role('g', 0, 0xff_00_00),
      role('plain', 9, 0),
      role('red', 2, 0xff_00_00),
      role('up', 3, 0, true),
      ...many,
    ]),
    hats: new Map(),
  };
  const held = ['g', 'plain', 'red', 'up', 'gone'];
  expect(hatsOf(guild, held)).toEqual([
    { id: 'up', title: 'the up' },
    { id: 'red', title: 'the red', hue: 12 },
  ]);
  expect(hatsOf(guild, held)).toBe(hatsOf(guild, [...held]));
  expect(
    hatsOf(
      guild,
      many.map(([id]) => id),
    ).map(({ id }) => id),
  ).toEqual(['6', '5', '4', '3', '2']);
});

test('of roles that bots give and take for ever not all combinations that there ever were are kept', () => {
  const guild = { id: 'g', roles: new Map(), hats: new Map() };
  for (let at = 0; at < 30_000; at++) hatsOf(guild, [`level ${at}`]);
  expect(guild.hats.size).toBe(10_000);
  expect(guild.hats.has('level 29999')).toBe(true);
});
