/** The dashboard and the operators' table have every metric that there is, and no other; that a gateway has them when it runs is asked of one (e2e/operating.test.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createMetrics } from '../../../src/ops/metrics.ts';
import { root } from '../../harness/build.ts';
import { namedMetrics, readDashboard } from '../../harness/dashboard.ts';
import { readExposition } from '../../harness/exposition.ts';

const dashboard = readDashboard();

test('every panel has a title, a unit, something to show and a place of its own', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { title, fieldConfig, targets } of panels) {
    expect(title).not.toBe('');
    expect(fieldConfig.defaults.unit).not.toBe('');
    expect(targets.length).toBeGreaterThan(0);
    for (const { legendFormat } of targets) expect(legendFormat).toContain('{{');
  }
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
});

const names = async (): Promise<readonly string[]> =>
  readExposition(await createMetrics().text()).families.flatMap(({ name }) =>
    name.startsWith('isthmus_') ? [name] : [],
  );
/** A histogram is asked for by its parts. */
const familyOf = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');

test('every metric of ours is on the dashboard, and it asks for no other', async () => {
  const shown = namedMetrics(dashboard).map(familyOf);
  const all = await names();
  expect(all.length).toBeGreaterThan(10);
  expect(all.filter((name) => !shown.includes(name))).toEqual([]);
  expect(shown.filter((name) => name.startsWith('isthmus_') && !all.includes(name))).toEqual([]);
});

test('every metric of ours is in the table for operators, and it has no other', async () => {
  const readme = readFileSync(join(root, 'deploy', 'README.md'), 'utf8');
  const rows = readme.split('\n').flatMap((line) => (/^\| `isthmus_/.test(line) ? [line.split('|')[1] ?? ''] : []));
  const told = rows.flatMap((cell) => [...cell.matchAll(/`(isthmus_[a-z_]+)/g)].map(([, name = '']) => name));
  expect(told.toSorted()).toEqual([...(await names())].sort());
});
