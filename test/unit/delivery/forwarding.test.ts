/** Handing on to workers: in order for each account, to whom the lease names, else to whom all agree on. */
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { accountId } from '../../../src/core/ids.ts';
import { createForwarding } from '../../../src/delivery/forwarding.ts';
import { responsible } from '../../../src/delivery/rendezvous.ts';
import type { Posted } from '../../../src/storage/process-ports.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const romeo = accountId('romeo');
const juliet = accountId('juliet');

function setUp(living: string[] = ['worker-a', 'worker-b', 'edge-x']) {
  const clock = createManualClock();
  const sent: string[] = [];
  const state = {
    holder: undefined as string | undefined,
    living,
    full: false,
    asked: 0,
    /** Mailboxes, each with whose texts lie there. */
    lying: [] as [worker: string, ...accounts: string[]][],
    surveys: 0,
    /** How long each takes. */
    surveyMs: 0,
    fence: undefined as number | undefined,
    answers: [] as Posted[],
    onSent: (): unknown => undefined,
  };
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
    self: 'worker-self',
    fence: () => state.fence,
    post: {
      async handOn(worker, texts, { behind, fence }) {
        if (gated) await new Promise<void>((resolve) => gates.push(resolve));
        if (state.full) throw new GatewayError('queue-full');
        const answer = state.answers.shift() ?? 'sent';
        const where = `${behind === undefined ? '' : ` behind ${behind}`}${fence === undefined ? '' : ` under ${fence}`}`;
        for (const text of texts) sent.push(`${worker} ${text}${where}${answer === 'sent' ? '' : `: ${answer}`}`);
        state.onSent();
        return answer;
      },
      async survey() {
        state.surveys++;
        if (state.surveyMs > 0) await clock.sleep(state.surveyMs);
        return state.lying.map(([worker, ...accounts]) => ({
          worker,
          isAlive: state.living.includes(worker),
          accounts: new Map(accounts.map((account) => [accountId(account), `last of ${account}`])),
        }));
      },
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
    expect(sent).toEqual(['worker-a 1', 'worker-a 3', 'worker-a 2']);
  });

  test('we stop: who waited for a worker is refused', async () => {
    const { forwarding, stopping } = setUp([]);
    const refused = expect(forwarding.forward(romeo, 'x')).rejects.toMatchObject({ code: 'storage-away' });
    stopping.abort(new Error('stopping'));
    await refused;
  });

  test('so many wait at most; when they are handed on there is room again', async () => {
    const { forwarding, clock, sent, state } = setUp([]);
    const all = Array.from({ length: 20_000 }, (_, n) => forwarding.forward(n % 2 === 0 ? romeo : juliet, 'x'));
    await expect(forwarding.forward(juliet, 'more')).rejects.toMatchObject({ code: 'queue-full' });
    state.living = ['worker-a'];
    await clock.advance(200);
    await Promise.all(all);
    await forwarding.forward(juliet, 'y');
    expect([sent.length, sent.at(-1)]).toEqual([20_001, 'worker-a y']);
  });

  test('a worker that has come has its share a second later', async () => {
    const { forwarding, clock, sent, state } = setUp(['worker-a']);
    await forwarding.forward(romeo, 'x');
    state.living = ['worker-a', 'worker-b'];
    await clock.advance(1_000);
    const all = Array.from({ length: 40 }, (_, n) => forwarding.forward(accountId(`${n}`), 'y'));
    await Promise.all(all);
    expect(sent.filter((one) => one.startsWith('worker-b'))).not.toEqual([]);
  });

  test('where the last one of an account was put is known: nobody has to look', async () => {
    const { forwarding, clock, state } = setUp();
    state.holder = 'worker-a';
    for (const text of ['1', '2', '3']) {
      await forwarding.forward(romeo, text);
      await clock.advance(1_000);
    }
    expect([state.asked, state.surveys]).toEqual([3, 1]);
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

describe('in a hand-over', () => {
  test('while older texts lie in the mailbox of a worker that is gone, newer ones are put behind them', async () => {
    const { forwarding, sent, state, clock } = setUp(['worker-b']);
    state.holder = 'worker-a';
    await forwarding.forward(romeo, '1');
    await clock.advance(1_000);
    Object.assign(state, { holder: undefined, lying: [['worker-a', 'romeo', 'juliet']] });
    await forwarding.forward(romeo, '2');
    await forwarding.forward(romeo, '3');
    state.lying = [['worker-a', 'juliet'], ['worker-b']];
    await forwarding.forward(romeo, '4');
    await forwarding.forward(romeo, '5');
    expect(sent).toEqual([
      'worker-a 1',
      'worker-a 2 behind last of romeo',
      'worker-a 3 behind last of romeo',
      'worker-b 4',
      'worker-b 5',
    ]);
  });

  test('what they were to stand behind was moved meanwhile: they follow it', async () => {
    const { forwarding, sent, state } = setUp(['worker-b', 'worker-c']);
    Object.assign(state, { holder: 'worker-c', lying: [['worker-a', 'romeo']], answers: ['moved'] });
    state.onSent = () => (state.lying = [['worker-b', 'romeo']]);
    await forwarding.forward(romeo, '1');
    expect(sent).toEqual(['worker-a 1 behind last of romeo: moved', 'worker-b 1 behind last of romeo']);
  });

  test('a process that came up anew has no memory: it looks, once for all that wait', async () => {
    const { forwarding, sent, state } = setUp(['worker-a', 'worker-b']);
    Object.assign(state, {
      holder: 'worker-b',
      lying: [
        ['worker-a', 'romeo'],
        ['worker-b', 'juliet'],
      ],
    });
    const others = ['x', 'y', 'z'].map((name) => forwarding.forward(accountId(name), name));
    await Promise.all([forwarding.forward(romeo, '1'), forwarding.forward(juliet, '2'), ...others]);
    expect(sent.sort()).toEqual([
      'worker-a 1 behind last of romeo',
      'worker-b 2',
      'worker-b x',
      'worker-b y',
      'worker-b z',
    ]);
    expect(state.surveys).toBe(2);
  });

  test('where looking takes long, Redis has more time for everybody else than for that', async () => {
    const { forwarding, clock, sent, state } = setUp(['worker-a']);
    state.surveyMs = 100;
    const all: Promise<void>[] = [];
    for (let at = 0; at < 2_000; at += 50) {
      all.push(forwarding.forward(accountId(`user${at}`), `${at}`));
      await clock.advance(50);
    }
    expect(state.surveys).toBeLessThanOrEqual(6);
    await clock.advance(400);
    await clock.advance(100);
    await Promise.all(all);
    expect(sent).toHaveLength(40);
  });

  test('those in the mailbox that is being read are what is handed on', async () => {
    const { forwarding, sent, state } = setUp(['worker-self', 'worker-b']);
    Object.assign(state, { holder: 'worker-b', lying: [['worker-self', 'romeo']] });
    await forwarding.forward(romeo, '1');
    expect(sent).toEqual(['worker-b 1']);
  });

  test('in several mailboxes: behind the one of the dead, for from there it goes to the living', async () => {
    const { forwarding, sent, state } = setUp(['worker-b', 'worker-c']);
    Object.assign(state, {
      holder: 'worker-b',
      lying: [
        ['worker-b', 'romeo'],
        ['worker-c', 'romeo'],
        ['worker-a', 'romeo'],
      ],
    });
    await forwarding.forward(romeo, '1');
    state.lying.pop();
    await forwarding.forward(romeo, '2');
    expect(sent).toEqual(['worker-a 1 behind last of romeo', 'worker-c 2 behind last of romeo']);
  });

  test('in several mailboxes, into one of which we put the last: behind that', async () => {
    const { forwarding, sent, state, clock } = setUp(['worker-b', 'worker-c']);
    state.holder = 'worker-b';
    await forwarding.forward(romeo, '1');
    await clock.advance(1_000);
    Object.assign(state, {
      holder: 'worker-c',
      lying: [
        ['worker-a', 'romeo'],
        ['worker-b', 'romeo'],
      ],
    });
    await forwarding.forward(romeo, '2');
    expect(sent).toEqual(['worker-b 1', 'worker-b 2 behind last of romeo']);
  });

  test('a worker that was buried has no mailbox: another one has it', async () => {
    const { forwarding, sent, state, clock } = setUp(['worker-b']);
    state.holder = 'worker-a';
    await forwarding.forward(romeo, '1');
    state.answers = ['gone'];
    state.holder = undefined;
    const sending = forwarding.forward(romeo, '2');
    await clock.advance(100);
    await sending;
    expect(sent).toEqual(['worker-a 1', 'worker-a 2: gone', 'worker-b 2']);
  });

  test('an edge that another one has followed tries once: its sender is told', async () => {
    const { forwarding, sent, state } = setUp(['worker-b']);
    Object.assign(state, { fence: 3, answers: ['outdated'] });
    await expect(forwarding.forward(romeo, '1')).rejects.toMatchObject({ code: 'storage-away' });
    expect(sent).toEqual(['worker-b 1 under 3: outdated']);
  });

  test('nothing takes it, however often: its sender is told', async () => {
    const { forwarding, state, clock, sent } = setUp(['worker-b']);
    state.answers = Array.from({ length: 100 }, () => 'gone' as const);
    const refused = expect(forwarding.forward(romeo, '1')).rejects.toMatchObject({ code: 'storage-away' });
    for (let i = 0; i < 30; i++) await clock.advance(100);
    await refused;
    expect(sent).toHaveLength(20);
  });
});
