/** What a connection to Discord's API holds is let go with it: the library's own timers would hold it for ever. */
import { getEventListeners } from 'node:events';
import { afterEach, expect, test, vi } from 'vitest';
import { GatewayError } from '../../../../src/bridge/index.ts';
import { useStage } from './stage.ts';

const stage = useStage();

/** The timers that go on until they are ended. */
function counted() {
  const going = new Set<unknown>();
  const { setInterval: begin, clearInterval: end } = globalThis;
  vi.stubGlobal('setInterval', (...given: Parameters<typeof begin>) => {
    const timer = begin(...given);
    going.add(timer);
    return timer;
  });
  vi.stubGlobal('clearInterval', (timer: Parameters<typeof end>[0]) => {
    going.delete(timer);
    end(timer);
  });
  return going;
}

afterEach(() => void vi.unstubAllGlobals());

test('a login that is refused, one that was only tried, and a session that has ended', async () => {
  const { world } = stage.discord;
  const stale = world.bot('stale');
  const old = { ...stale, token: stale.token ?? '' };
  world.resetToken(stale);
  const fresh = world.bot('fresh');
  world.invite(fresh, stage.guild);
  const going = counted();
  await expect(stage.login({ bot: old })).rejects.toThrow(GatewayError);
  expect(going.size).toBe(0);
  const trial = await stage.login({ bot: fresh, isTrial: true });
  await trial.end();
  expect(going.size).toBe(0);
  const { end } = await stage.login({ bot: fresh });
  await end();
  expect(going.size).toBe(0);
});

test('nothing that is there longer holds a session that has ended, with its guilds and their people', async () => {
  const { signal } = new AbortController();
  const { end, enters } = await stage.login({ signal });
  await enters(stage.room);
  await end();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
