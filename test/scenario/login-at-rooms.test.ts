/** Coming into a room with a login that the network does not take: what clients make of the answer. */
import { expect } from 'vitest';
import { GatewayError } from '../../src/bridge/index.ts';
import { child, textOf } from '../harness/markup.ts';
import { failed, self, subject } from './lines.ts';
import { scenario, verona } from './stage.ts';

scenario('45-30 no password of the room’s is asked for, and the room is not gone', async (stage) => {
  stage.gateway.away(new GatewayError('login-refused', { text: 'SASL says no.' }));
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  const [refused] = romeo.gets(failed('presence', 'join', 'wait', 'recipient-unavailable'));
  expect(textOf(child(child(refused, 'error'), 'text'))).toBe('SASL says no.');
  stage.gateway.away(undefined);
  await romeo.joins(verona, 'romeo');
  romeo.gets(self('romeo'), subject());
});
