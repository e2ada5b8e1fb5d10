/** Lists by disco: who is in a room. */
import { expect } from 'vitest';
import { items } from '../../harness/requests.ts';
import { scenario, theme } from '../../harness/scenario.ts';

export const channelLists = theme('lists of channels', [
  scenario('45-12 a room that one is in lists its occupants', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const { items: all } = await items(romeo, stage.room);
    expect(all.map(({ attrs }) => attrs.jid).sort()).toEqual(
      [`${stage.room}/${juliet.nick}`, `${stage.room}/${romeo.nick}`].sort(),
    );
  }),
]);
