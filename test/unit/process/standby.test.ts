/** Who holds the component streams, and who stands by. */
import { expect, test } from 'vitest';
import { createReadiness } from '../../../src/ops/readiness.ts';
import { holdStreams } from '../../../src/process/standby.ts';
import { whereabouts } from '../../../src/process/whereabouts.ts';
import type { Leases } from '../../../src/storage/ports.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { run } from '../../harness/process.ts';
import { silentLog } from '../../harness/silent-log.ts';

const lease = {
  fence: 1,
  lost: new AbortController().signal,
  release: async () => undefined,
  erase: async () => undefined,
};

function scene(holders: (string | undefined)[]) {
  const clock = createManualClock();
  const readiness = createReadiness();
  const dead: string[] = [];
  const leases: Leases = {
    acquire: async () => (holders[0] === undefined ? lease : undefined),
    holder: async () => holders[0],
    erased: async () => false,
  };
  const workers = {
    self: 'edge-two',
    async declareDead(worker: string) {
      dead.push(worker);
      holders.shift();
    },
  };
  const abort = new AbortController();
  const waits: true[] = [];
  const onStandby = (): void => void waits.push(true);
  const hold = holdStreams({ leases, workers, readiness, clock, log: silentLog, signal: abort.signal, onStandby });
  return { waits, clock, readiness, dead, hold, abort };
}

test('nobody has them: they are ours at once', async () => {
  const { hold, readiness } = scene([undefined]);
  expect(await hold).toEqual({ lease, isHeir: false });
  expect(readiness.checks()).toEqual({});
});

test('somebody has them: /readyz says who, until they are gone', async () => {
  const holders: (string | undefined)[] = ['edge-one', undefined];
  const { hold, readiness, clock, dead, waits } = scene(holders);
  await clock.advance(3_000);
  expect(waits.length).toBeGreaterThan(0);
  expect(readiness.checks()).toEqual({ streams: 'standing by: edge-one holds the component streams' });
  holders.shift();
  await clock.advance(1_000);
  expect(await hold).toMatchObject({ isHeir: true });
  expect(dead).toEqual([]);
});

test('whose process has ended on this machine is not waited for', async () => {
  const ended = run('true', [], { name: 'true' });
  await ended.exited;
  const name = `edge-${whereabouts().replace(/\d+-$/, `${ended.pid}-`)}x`;
  const { hold, dead, clock } = scene([name, undefined]);
  await clock.advance(0);
  expect(await hold).toMatchObject({ isHeir: true });
  expect(dead).toEqual([name]);
});

test('a stop ends the waiting', async () => {
  const { hold, abort, clock } = scene(['edge-one']);
  await clock.advance(500);
  abort.abort(new Error('stopped'));
  await expect(hold).rejects.toThrow('stopped');
});
