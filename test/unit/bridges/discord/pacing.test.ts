/** How tries to connect are paced; and the end of a connection, in the two moments in which discord.js can't end it by itself. */
import { expect, test } from 'vitest';
import { createPacing } from '../../../../bridges/discord/pacing.ts';
import { GatewayError } from '../../../../src/bridge/index.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { useStage } from './stage.ts';

const stage = useStage();
const [idle, connecting, ready] = [0, 1, 3];

function setUp(status: number) {
  const clock = createManualClock();
  const ending = createPacing(clock);
  const state = { status, destroyed: 0 };
  const sockets = {
    options: { retrieveSessionInfo: (_: number): unknown => 'go on' },
    fetchStatus: () => new Map([[0, state.status]]),
  };
  ending.watch(sockets);
  return { clock, ending, state, sockets, client: { destroy: async () => void state.destroyed++ } };
}

test('what is being connected is ended when it is, or when it fails', async () => {
  const { clock, ending, state, client } = setUp(connecting);
  await ending.end(client);
  await clock.advance(10_000);
  expect(state.destroyed).toBe(0);
  state.status = ready;
  await clock.advance(1_000);
  expect(state.destroyed).toBe(1);
});

test('what is never connected is ended all the same', async () => {
  const { clock, ending, state, client } = setUp(connecting);
  await ending.end(client);
  for (let n = 0; n < 1_000; n++) await clock.advance(50);
  expect(state.destroyed).toBe(1);
});

test('whoever is not let in waits longer each time, and from the beginning once they were', async () => {
  const { clock, ending, sockets } = setUp(idle);
  const tries = async (count: number): Promise<readonly number[]> => {
    const waits: number[] = [];
    for (let n = 0; n < count; n++) {
      const since = clock.now();
      ending.down(0);
      let isMade = false;
      void Promise.resolve(sockets.options.retrieveSessionInfo(0)).then(() => {
        isMade = true;
      });
      await settle();
      while (!isMade) await clock.advance(100);
      waits.push(clock.now() - since);
    }
    return waits;
  };
  const waits = await tries(12);
  expect(waits[0]).toBe(0);
  for (const [n, wait] of waits.slice(1).entries()) {
    const full = Math.min(120_000, 1_000 * 2 ** n);
    expect([n, wait >= full / 2, wait <= full + 100]).toEqual([n, true, true]);
  }
  for (let n = 0; n < 20; n++) expect(sockets.options.retrieveSessionInfo(0)).toBe('go on');
  ending.up(0);
  expect(await tries(1)).toEqual([0]);
});

test('between two tries no other one is begun', async () => {
  const { ending, state, client, sockets } = setUp(idle);
  expect(sockets.options.retrieveSessionInfo(0)).toBe('go on');
  await ending.end(client);
  expect(state.destroyed).toBe(1);
  let isGoing = false;
  void Promise.resolve(sockets.options.retrieveSessionInfo(0)).then(() => {
    isGoing = true;
  });
  await settle();
  expect(isGoing).toBe(false);
});

test('a login that is given up at a closed door rejects with the reason, and brings nothing down', async () => {
  const { discord } = stage;
  discord.faults.open = false;
  const given = new GatewayError('timed-out');
  const giving = new AbortController();
  const coming = stage.login({ signal: giving.signal });
  const asked = discord.exchanges.take(({ path }) => path === '/gateway/bot', 'the way to the gateway');
  await asked;
  giving.abort(given);
  await expect(coming).rejects.toBe(given);
  discord.faults.open = true;
  const { session } = await stage.login();
  expect(session.me).toMatch(/^\d+$/);
});
