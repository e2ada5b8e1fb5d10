/** Ids of Discord as localparts: those that it makes and no others. */
import { expect, test } from 'vitest';
import { addresses, isSnowflake } from '../../../../bridges/discord/addresses.ts';
import { chatId, personId } from '../../../../src/bridge/index.ts';

test.each([
  ['#1310000000000000001', { is: 'room', id: chatId('#1310000000000000001') }],
  ['1310000000000000001', { is: 'person', id: personId('1310000000000000001') }],
  ['', { is: 'service' }],
  ['7\\3a=5ao=c3=ab', { is: 'person', id: personId('7:Zoë') }],
])('JID-13 %s', (local, address) => {
  expect(addresses.parse(local)).toEqual(address);
  expect(addresses.format(address as never)).toBe(local);
});

test.each(['general', '#general', '#', '0123', '#0', '-1', '1e3', '123456789012345678901', '7\\3a', 'x\\3aname'])(
  'no address of Discord: %s',
  (local) => expect(addresses.parse(local)).toBeUndefined(),
);

test('ids are numbers without a zero in front', () => {
  expect(['1', '0', '01', '٣', ' 1'].map(isSnowflake)).toEqual([true, false, false, false, false]);
});
