/** A stream that dies at any moment: everything kept arrives at least once, first arrivals in order, and what is held stays within the window. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWire } from '../../../src/delivery/wire.ts';
import type { JournalStore } from '../../../src/storage/ports.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { Line } from './line.ts';

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        is: fc.constant('put' as const),
        count: fc.integer({ min: 1, max: 6 }),
        keep: fc.boolean(),
      }),
    },
    { weight: 3, arbitrary: fc.constant({ is: 'turn' as const }) },
    { weight: 3, arbitrary: fc.record({ is: fc.constant('arrive' as const), count: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.constant({ is: 'break' as const }) },
    { weight: 2, arbitrary: fc.constant({ is: 'up' as const }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('narrow' as const), writes: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.constant({ is: 'drain' as const }) },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('time' as const), ms: fc.nat(600) }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('journal' as const), away: fc.boolean() }) },
    { weight: 1, arbitrary: fc.constant({ is: 'crash' as const }) },
  ),
  { maxLength: 60 },
);

test('a stream, a journal and a process that fail at random lose nothing kept and change no order', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const clock = createManualClock();
      const memory = createMemoryStores(clock).journal;
      let away = false;
      const journal: JournalStore = {
        ...memory,
        append: (stream, take) => (away ? Promise.reject(new Error('away')) : memory.append(stream, take)),
      };
      const window = { stanzas: 12, bytes: 1_000 };
      const barrier = { everyStanzas: 4, everyMs: 250 };
      let process = 0;
      let line = new Line();
      const arrived: string[] = [];
      const make = () =>
        createWire({
          pipe: line,
          journal,
          domain: 'd',
          stream: `d/${++process}`,
          clock,
          log: silentLog,
          window,
          barrier,
        });
      let wire = make();
      const kept: string[] = [];
      let count = 0;
      let burst = 0;

      for (const step of steps) {
        switch (step.is) {
          case 'put':
            burst = 0;
            for (let i = 0; i < step.count && wire.pressure() === undefined; i++) {
              const text = `${step.keep ? 'k' : 'p'}${count++}`;
              if (step.keep) kept.push(text);
              wire.put(`${text};`, step.keep);
              burst++;
            }
            expect(burst).toBeLessThanOrEqual(window.stanzas);
            break;
          case 'turn':
            await settle();
            break;
          case 'arrive':
            line.arrive(step.count);
            await settle();
            break;
          case 'break':
            line.break();
            wire.pause();
            break;
          case 'up':
            if (line.up) break;
            line.up = true;
            wire.resume();
            break;
          case 'narrow':
            line.narrow(step.writes);
            break;
          case 'drain':
            line.drain();
            break;
          case 'time':
            await clock.advance(step.ms);
            break;
          case 'journal':
            away = step.away;
            break;
          case 'crash': {
            // Accepted means: the journal's write has resolved.
            away = false;
            await clock.advance(10_000);
            await settle();
            line.break();
            wire.close();
            arrived.push(...line.arrived);
            line = new Line();
            wire = make();
            await wire.recover();
            break;
          }
          default:
            step satisfies never;
        }
      }
      away = false;
      line.drain();
      if (!line.up) {
        line.up = true;
        wire.resume();
      }
      for (let round = 0; round < 200; round++) {
        line.drain();
        line.arrive(1_000);
        await clock.advance(300);
      }
      arrived.push(...line.arrived);
      const firsts = [...new Set(arrived)].filter((text) => text.startsWith('k'));
      expect(firsts).toEqual(kept);
      expect(wire.pressure()).toBeUndefined();
      await settle();
      expect(await memory.streams('d')).toEqual([]);
      wire.close();
    }),
    { numRuns: 300 },
  );
});
