/** A process that is gone is known by its name, where it ran here. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isGone, whereabouts } from '../../../src/process/whereabouts.ts';
import { run } from '../../harness/process.ts';

const knows = existsSync('/proc/sys/kernel/random/boot_id');

test('one that runs is not gone; one that has ended is, and had our number where it had that; one of elsewhere may be anything', async () => {
  const here = whereabouts();
  expect(isGone(`edge-${here.replace(/\d+-$/, `${process.ppid}-`)}abc`)).toBe(false);
  expect(isGone(`edge-${here}abc`)).toBe(knows);
  const ended = run('true', [], { name: 'true' });
  await ended.exited;
  expect(isGone(`edge-${here.replace(/\d+-$/, `${ended.pid}-`)}abc`)).toBe(knows);
  expect(isGone(`edge-0123456789ab.${ended.pid}-abc`)).toBe(false);
  for (const name of ['', 'all', 'edge-abc', `edge-${here}`.slice(0, -2)]) expect(isGone(name)).toBe(false);
});
