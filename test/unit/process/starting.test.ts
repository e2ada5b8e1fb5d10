/** Starting the streams: when a refusal ends the program, and when it is only that domain's. */
import { describe, expect, test } from 'vitest';
import { Remedy } from '../../../src/ops/fatal.ts';
import { type NamedStream, startStreams } from '../../../src/process/starting.ts';
import { type Component, StreamRefused } from '../../../src/xmpp/stream/types.ts';
import { bareConfig } from '../../harness/bare-config.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const config = bareConfig();

/** A stream whose start the test decides. */
function stream(domain: string) {
  const start = Promise.withResolvers<void>();
  const component: Component = {
    up: false,
    start: () => start.promise,
    stop: async () => {},
    write: () => false,
    drained: async () => {},
    barrier: async () => {},
    request: () => Promise.reject(new Error('not here')),
  };
  return { named: { domain, component }, up: start.resolve, refuse: start.reject };
}

function run(...streams: readonly NamedStream[]) {
  const clock = createManualClock();
  const stop = new AbortController();
  const outcome: { is: 'waiting' | 'up' | 'failed'; error?: unknown } = { is: 'waiting' };
  startStreams(streams, config, clock, silentLog, stop.signal).then(
    () => {
      outcome.is = 'up';
    },
    (error: unknown) => {
      outcome.is = 'failed';
      outcome.error = error;
    },
  );
  return { clock, outcome };
}

const unknown = (): StreamRefused => new StreamRefused('a.test', 'host-unknown', '');

describe('one domain', () => {
  test('up: done', async () => {
    const one = stream('a.test');
    const { outcome } = run(one.named);
    await settle();
    expect(outcome.is).toBe('waiting');
    one.up();
    await settle();
    expect(outcome.is).toBe('up');
  });

  test.each(['host-unknown', 'not-authorized', 'policy-violation'])(
    '114-10 refused with %s: a remedy that names domain and place, at once',
    async (condition) => {
      const one = stream('a.test');
      const { outcome } = run(one.named);
      one.refuse(new StreamRefused('a.test', condition, ''));
      await settle();
      expect(outcome.error).toBeInstanceOf(Remedy);
      expect(String(outcome.error)).toContain('a.test');
    },
  );

  test('anything else is passed on as it is', async () => {
    const one = stream('a.test');
    const { outcome } = run(one.named);
    const error = new Error('stopped');
    one.refuse(error);
    await settle();
    expect(outcome.error).toBe(error);
  });
});

describe('several domains', () => {
  test('the first that is up is enough', async () => {
    const [one, two] = [stream('a.test'), stream('b.test')];
    const { outcome } = run(one.named, two.named);
    two.up();
    await settle();
    expect(outcome.is).toBe('up');
  });

  test('114-10 refused behind one that is up: nobody else is stopped', async () => {
    const [one, two] = [stream('a.test'), stream('b.test')];
    const { outcome, clock } = run(one.named, two.named);
    one.up();
    await settle();
    two.refuse(unknown());
    await clock.advance(10_000);
    expect(outcome.is).toBe('up');
  });

  test('refused before the other is up: the other has five seconds', async () => {
    const [one, two] = [stream('a.test'), stream('b.test')];
    const { outcome, clock } = run(one.named, two.named);
    one.refuse(unknown());
    await settle();
    await clock.advance(4_999);
    expect(outcome.is).toBe('waiting');
    two.up();
    await settle();
    expect(outcome.is).toBe('up');
  });

  test('refused, and the other stays silent: the remedy names the one that was refused', async () => {
    const [one, two] = [stream('a.test'), stream('b.test')];
    const { outcome, clock } = run(one.named, two.named);
    two.refuse(unknown());
    await settle();
    await clock.advance(5_000);
    expect(outcome.error).toBeInstanceOf(Remedy);
    expect(String(outcome.error)).toContain('b.test');
  });

  test('all refused: nothing is waited for', async () => {
    const [one, two] = [stream('a.test'), stream('b.test')];
    const { outcome } = run(one.named, two.named);
    one.refuse(unknown());
    two.refuse(unknown());
    await settle();
    expect(outcome.error).toBeInstanceOf(Remedy);
  });
});
