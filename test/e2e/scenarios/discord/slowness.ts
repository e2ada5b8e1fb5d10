/** Discord wants us to wait, or takes its time: whatever waits, waits in its own channel, in order. */
import { expect } from 'vitest';
import type { Mishap } from '../../../harness/discord/faults.ts';
import { type DiscordStage, heardBy } from '../../../harness/discord/stage.ts';
import { administers } from '../../../harness/requests.ts';
import { scenario, theme } from '../../../harness/scenario.ts';

const numbers = (prefix: string): readonly string[] => Array.from({ length: 5 }, (_, n) => `${prefix}${n + 1}`);

/** In one of two channels something is slow; in the other nobody notices. */
async function holdsUp(stage: DiscordStage, mishap: Mishap): Promise<void> {
  const romeo = await stage.alone();
  const other = stage.channel();
  const there = stage.roomOf(other);
  await romeo.enters(there);
  const path = new RegExp(`^/channels/${stage.where.id}/messages$`);
  const slow = stage.discord.lay({ of: stage.bot, method: 'POST', path, mishap });
  for (const text of numbers('a')) romeo.says(text);
  for (const text of numbers('b')) romeo.says(text, there);
  const me = { nick: stage.bot.name };
  await romeo.hears(me, 'b5', there);
  expect([stage.texts(), stage.texts(other)]).toEqual([[], numbers('b')]);
  slow.lift();
  await stage.patiently('all is said', () => stage.texts().includes('a5'));
  await stage.patiently('all is heard', () => heardBy(romeo, stage.room).length >= 5);
  expect(stage.texts()).toEqual(numbers('a'));
  expect(heardBy(romeo, stage.room)).toEqual(numbers('a').map((text) => `${me.nick}: ${text}`));
}

export const slowness = theme<DiscordStage>('slowness', [
  scenario('a 429 of one channel’s bucket holds up that channel and no other', (stage) =>
    holdsUp(stage, { kind: 'limit', seconds: 2 }),
  ),
  scenario('a 429 because too much is written into a channel holds up that channel and no other', (stage) =>
    holdsUp(stage, { kind: 'limit', seconds: 2, scope: 'shared', code: 20028 }),
  ),
  scenario('a call that is slow holds up its channel and no other', (stage) => holdsUp(stage, { kind: 'stall' })),

  scenario('who throws somebody out speaks after a moment, however long that takes', async (stage) => {
    const romeo = await stage.alone();
    const abram = stage.citizen('Abram');
    await romeo.sees(abram);
    const path = new RegExp(`/members/${abram.id}$`);
    const slow = stage.discord.lay({ of: stage.bot, method: 'DELETE', path, mishap: { kind: 'stall' } });
    const thrown = administers(romeo, stage.room, `<item nick='Abram' role='none'/>`);
    await stage.patiently('it is asked', () => slow.met > 0);
    romeo.says('a1');
    await stage.patiently('what is behind it is said', () => stage.texts().includes('a1'));
    expect(stage.guild.members.has(abram.id)).toBe(true);
    slow.lift();
    await stage.patiently('it is done', () => !stage.guild.members.has(abram.id));
    await thrown;
  }),

  scenario('a global 429 holds up all, and all is said once, in order', async (stage) => {
    const { romeo, juliet } = await stage.cast();
    const limit = stage.discord.lay({
      of: stage.bot,
      method: 'POST',
      times: 1,
      mishap: { kind: 'limit', seconds: 2, scope: 'global' },
    });
    for (const text of numbers('a')) romeo.says(text);
    await stage.patiently('all is said', () => stage.texts().includes('a5'));
    await juliet.hears({ nick: stage.bot.name }, /a5$/);
    expect([limit.met, stage.texts(), heardBy(juliet, stage.room).length]).toEqual([1, numbers('a'), 5]);
  }),

  scenario('a 429 of many minutes is given back, and tried when it is over', async (stage) => {
    const romeo = await stage.alone();
    const path = new RegExp(`^/channels/${stage.where.id}/messages$`);
    stage.discord.lay({
      of: stage.bot,
      method: 'POST',
      path,
      times: 1,
      mishap: { kind: 'limit', seconds: 900, scope: 'shared' },
    });
    romeo.says('a1');
    await stage.minutes(10);
    expect(stage.texts()).toEqual([]);
  }),
]);
