/** How the bot appears: as its owner's clients, not too often, and on each new connection. */
import { expect, test } from 'vitest';
import { createAppearance } from '../../../../bridges/discord/appearance.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { useStage } from './stage.ts';

function setUp() {
  const clock = createManualClock();
  const sent: unknown[] = [];
  const away = new Set<number>();
  const link = {
    send: (shard: number, payload: { readonly d: unknown }) =>
      !away.has(shard) && sent.push([shard, (payload.d as { status: string }).status]) > 0,
    close: async () => undefined,
  };
  return { clock, sent, away, appearance: createAppearance({ clock, link }) };
}

test('a connection that is back is told what was to be told while it was away, that we are online again too', async () => {
  const { appearance, sent, away, clock } = setUp();
  appearance.up(0);
  appearance.appear('dnd');
  await clock.advance(5_000);
  away.add(0);
  appearance.appear('online');
  away.delete(0);
  appearance.up(0);
  appearance.up(0);
  expect(sent).toEqual([
    [0, 'dnd'],
    [0, 'online'],
  ]);
});

test('of several changes within five seconds the first and the last are told, to all connections', async () => {
  const { appearance, sent, clock } = setUp();
  appearance.up(0);
  appearance.up(1);
  for (const show of ['online', 'chat', 'away', 'dnd', 'online', 'xa', 'dnd'] as const) appearance.appear(show);
  expect(sent).toEqual([
    [0, 'idle'],
    [1, 'idle'],
  ]);
  await clock.advance(5_000);
  expect(sent.slice(2)).toEqual([
    [0, 'dnd'],
    [1, 'dnd'],
  ]);
  await clock.advance(60_000);
  expect([sent.length, clock.waiting]).toEqual([4, 0]);
});

test('a connection that is there again is told, where that is worth telling', async () => {
  const { appearance, sent, clock } = setUp();
  appearance.up(0);
  appearance.appear('xa');
  appearance.up(0);
  await clock.advance(5_000);
  appearance.appear('online');
  appearance.up(0);
  expect(sent).toEqual([
    [0, 'idle'],
    [0, 'idle'],
    [0, 'online'],
  ]);
  appearance.appear('dnd');
  appearance.close();
  expect(clock.waiting).toBe(0);
});

const stage = useStage();

test('Discord shows it, also after it has forgotten the connection', async () => {
  const { session, bot, hears } = await stage.login();
  const shown = (): string | undefined => stage.guild.presences.get(bot.user.id)?.status;
  await session.status?.appear('dnd', 'in a meeting');
  await expect.poll(shown).toBe('dnd');
  expect(stage.guild.presences.get(bot.user.id)?.activities).toEqual([]);
  stage.discord.invalidate(false);
  await hears('state', ({ state }) => state === 'ready');
  await expect.poll(shown).toBe('dnd');
});
