/** The rows around one moment after the other are those that the archive has there, however they were come by. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Surroundings } from '../../../src/accounts/surroundings.ts';
import type { ArchiveQuery, ArchiveRow } from '../../../src/storage/ports.ts';
import { runsOf } from '../../harness/seed.ts';
import { romeo, verona } from './account-world.ts';

const rows: readonly ArchiveRow[] = Array.from({ length: 30_000 }, (_, at) => {
  return { account: romeo, chat: verona, id: `${at}`, at, nick: 'x', body: '' };
});

const archive = {
  async page({ start = 0, end = rows.length, after, max }: ArchiveQuery) {
    const from = after === undefined ? start : Math.max(start, Number(after) + 1);
    const to = Math.min(end + 1, rows.length);
    return { rows: rows.slice(from, Math.min(from + max, to)), complete: from + max >= to };
  },
};

test('forwards with and without gaps, and back', async () => {
  const near = { weight: 8, arbitrary: fc.integer({ min: -300, max: 2_500 }) };
  const step = fc.oneof(near, { weight: 1, arbitrary: fc.integer({ min: -6_000, max: 15_000 }) });
  const windows = fc.array(fc.record({ step, width: fc.integer({ min: 0, max: 3_000 }) }), {
    minLength: 10,
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(windows, async (all) => {
      const surroundings = new Surroundings(archive, romeo, verona);
      let start = 0;
      for (const { step: by, width } of all) {
        start = Math.min(Math.max(0, start + by), rows.length - 1);
        const found = await surroundings.between(start, start + width);
        const there = rows.slice(start, start + width + 1);
        expect([found.length, found[0]?.at, found.at(-1)?.at]).toEqual([there.length, start, there.at(-1)?.at]);
      }
    }),
    { numRuns: runsOf(40) },
  );
});
