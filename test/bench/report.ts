/** The table that the bench prints: a line a metric, a column a gateway, each with its ratio to biboumi. */
import { median } from './meter.ts';

const reference = 'biboumi';

/** @param numbers metric → gateway → one value a run */
export function table(
  numbers: ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>,
  names: readonly string[],
  runs: number,
): string {
  const head = [
    `medians of ${runs}`,
    ...names.flatMap((name) => (name === reference ? [name] : [name, `× ${reference}`])),
  ];
  const lines = [...numbers].map(([metric, row]) => {
    const base = row.get(reference);
    const cells = names.flatMap((name) => {
      const values = row.get(name);
      const text = values === undefined ? '–' : figure(median(values));
      if (name === reference) return [text];
      const ratio = values === undefined || base === undefined ? Number.NaN : median(values) / median(base);
      return [text, Number.isFinite(ratio) ? ratio.toFixed(2) : '–'];
    });
    return [metric, ...cells];
  });
  return drawn(head, lines);
}

/** Columns as wide as what stands in them, the first to the left and all others to the right. */
export function drawn(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [head, ...lines];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  const rows = all.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  return `${[rows[0], rule, ...rows.slice(1)].join('\n')}\n`;
}

/** Three digits, or all that stand before the point. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : 1);
}
