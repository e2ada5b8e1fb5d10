/** Handing on to workers: in order for each account, to whom the lease names, else to whom all agree on. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { accountId } from '../../../src/core/ids.ts';
import { createForwarding } from '../../../src/delivery/forwarding.ts';
import { responsible } from '../../../src/delivery/rendezvous.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const romeo = accountId('romeo');
const juliet = accountId('juliet');

function setUp(living: string[] = ['worker-a', 'worker-b', 'edge-x']) {
  const clock = createManualClock();
  const sent: string[] = [];
  const state = { holder: undefined as string | undefined, living, full: false, asked: 0 };
  const gates: (() => void)[] = [];
  let gated = false;
  const stopping = new AbortController();
  const forwarding = createForwarding({
    clock,
    signal: stopping.signal,
    leases: {
      async holder() {
        state.asked++;
        return state.holder;
      },
    },
    workers: { alive: async () => state.living },
    post: {
      async send(worker, texts) {
        if (gated) await new Promise<void>((resolve) => gates.push(resolve));
        if (state.full) throw new GatewayError('queue-full');
        sent.push(...texts.map((text) => `${worker} ${text}`));
      },
      receive: () => {
        throw new Error('not here');
      },
      takeOver: async () => [],
      held: async () => ({ entries: 0, since: undefined }),
    },
  });
  return { clock, sent, state, gates, forwarding, stopping, gate: () => (gated = true) };
}

describe('to whom', () => {
  test('the holder of the lease', async () => {
    const { forwarding, sent, state } = setUp();
    state.holder = 'worker-b';
    await forwarding.forward(romeo, 'x');
    expect(sent).toEqual(['worker-b x']);
  });

  test('without a holder: whom all agree on, and never an edge', async () => {
    const { forwarding, sent } = setUp();
    await forwarding.forward(romeo, 'x');
    expect(sent).toEqual([`${responsible(['worker-a', 'worker-b'], romeo)} x`]);
  });

  test('nobody lives for ten seconds: storage-away', async () => {
    const { forwarding, clock } = setUp(['edge-x']);
    const refused = expect(forwarding.forward(romeo, 'x')).rejects.toMatchObject({ code: 'storage-away' });
    await clock.advance(0);
    await clock.advance(10_000);
    await refused;
  });

  test('the first worker comes late: what waited goes to it at once, in order', async () => {
    const { forwarding, clock, sent, state } = setUp(['edge-x']);
    const all = [forwarding.forward(romeo, '1'), forwarding.forward(juliet, '2'), forwarding.forward(romeo, '3')];
    await clock.advance(5_000);
    expect(sent).toEqual([]);
    state.living = ['edge-x', 'worker-a'];
    await clock.advance(200);
    await Promise.all(all);
    expect(sent).toEqual(['worker-a 1', 'worker-a 2', 'worker-a 3']);
  });

  test('we stop: who waited for a worker is refused', async () => {
    const { forwarding, stopping } = setUp([]);
    const refused = expect(forwarding.forward(romeo, 'x')).rejects.toMatchObject({ code: 'storage-away' });
    stopping.abort(new Error('stopping'));
    await refused;
  });

  test('an answer is believed for a second', async () => {
    const { forwarding, sent, state, clock } = setUp();
    state.holder = 'worker-a';
    await forwarding.forward(romeo, '1');
    state.holder = 'worker-b';
    await forwarding.forward(romeo, '2');
    await clock.advance(1_000);
    await forwarding.forward(romeo, '3');
    expect(sent).toEqual(['worker-a 1', 'worker-a 2', 'worker-b 3']);
    expect(state.asked).toBe(2);
  });
});

describe('order', () => {
  test('one account’s follow each other; another’s need not wait', async () => {
    const { forwarding, sent, state, gates, gate, clock } = setUp();
    state.holder = 'worker-a';
    gate();
    const all = [forwarding.forward(romeo, '1'), forwarding.forward(romeo, '2'), forwarding.forward(juliet, '3')];
    await clock.advance(0);
    expect(gates).toHaveLength(2);
    gates[1]?.();
    await clock.advance(0);
    expect(sent).toEqual(['worker-a 3']);
    gates[0]?.();
    await clock.advance(0);
    gates[2]?.();
    await Promise.all(all);
    expect(sent).toEqual(['worker-a 3', 'worker-a 1', 'worker-a 2']);
  });

  test('one that is refused is told so, and the next is still sent', async () => {
    const { forwarding, sent, state } = setUp();
    state.holder = 'worker-a';
    state.full = true;
    await expect(forwarding.forward(romeo, '1')).rejects.toMatchObject({ code: 'queue-full' });
    state.full = false;
    await forwarding.forward(romeo, '2');
    expect(sent).toEqual(['worker-a 2']);
  });
});
