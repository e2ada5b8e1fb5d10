/** The dashboard holds together; that its metrics exist is asked of a gateway that runs (e2e/operating.test.ts). */
import { expect, test } from 'vitest';
import { namedMetrics, readDashboard } from '../../harness/dashboard.ts';

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

test('queues, tries, traffic, accounts and streams are shown', () => {
  const named = namedMetrics(dashboard);
  for (const name of ['queue_entries', 'attempts_total', 'stanzas_total', 'sessions', 'component_up'])
    expect(named).toContain(`isthmus_${name}`);
});
