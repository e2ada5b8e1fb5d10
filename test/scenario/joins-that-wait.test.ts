/** What clients do while their join waits to be tried again: Gajim shows every change of its user's state in rooms that it is coming into. */
import { expect } from 'vitest';
import { GatewayError } from '../../src/bridge/index.ts';
import { child, textOf } from '../harness/markup.ts';
import { pair } from './deed-lines.ts';
import { gone, self, subject } from './lines.ts';
import { mantua, type Stage, scenario } from './stage.ts';

const away = `<presence to='${mantua}/romeo'><show>away</show></presence>`;

/** In one room, and waiting for another. */
async function waiting(stage: Stage) {
  const { romeo } = await pair(stage);
  stage.refuses('#mantua', new GatewayError('too-fast', { retryAfterMs: 10_000 }));
  await romeo.joins(mantua, 'romeo');
  romeo.gets();
  return romeo;
}

scenario('who shows something else is not told to be out, and comes in showing that', async (stage) => {
  const romeo = await waiting(stage);
  await romeo.sends(away);
  romeo.gets();
  stage.refuses('#mantua', undefined);
  await stage.passes(20);
  const [own] = romeo.gets(self('romeo', [], mantua), subject('', mantua));
  expect(textOf(child(own, 'show'))).toBe('away');
});

scenario('who has left, or was refused in the end, is out', async (stage) => {
  const romeo = await waiting(stage);
  await romeo.leaves(mantua, 'romeo');
  await romeo.sends(away);
  romeo.gets(gone('romeo', [110, 307, 333], mantua));
  await romeo.joins(mantua, 'romeo');
  romeo.ignores();
  stage.refuses('#mantua', new GatewayError('banned'));
  await stage.passes(20);
  expect(romeo.queue.splice(0).filter(({ attrs }) => attrs.type === 'error')).toHaveLength(1);
  await romeo.sends(away);
  romeo.gets(gone('romeo', [110, 307, 333], mantua));
});
