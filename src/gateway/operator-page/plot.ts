/** Plots of what went through all processes lately, as pictures within the page: no script, nothing from elsewhere. */
import { type Html, html } from '../login-page/html.ts';
import type { OperatorTexts } from './texts.ts';
import { type Counted, counted, type ProcessView } from './views.ts';

/** One line of a plot. */
export interface Line {
  readonly name: string;
  /** The oldest first; undefined: it is not known. */
  readonly values: readonly (number | undefined)[];
}

/** How far samples lie apart, and how many make a plot. */
export const sampleEveryMs = 10_000;
export const samplesKept = 180;

const width = 400;
const height = 130;
const [left, top, bottom] = [38, 8, 18];

/** A second, over all processes: what each counted between two samples. */
export function rates(views: readonly Pick<ProcessView, 'samples'>[], what: Counted): Line['values'] {
  const place = counted.indexOf(what);
  return overTime(views, (samples, i) => {
    const [before, now] = [samples[i - 1], samples[i]];
    if (before === undefined || now === undefined) return undefined;
    const passed = (now.at - before.at) / 1_000;
    // A gap longer than a sample or two: the process stood still, or was another one.
    return passed <= 0 || passed > 30
      ? undefined
      : Math.max(0, ((now.counts[place] ?? 0) - (before.counts[place] ?? 0)) / passed);
  });
}

/** What waited, over all processes. */
export const waiting = (views: readonly Pick<ProcessView, 'samples'>[]): Line['values'] =>
  overTime(views, (samples, i) => samples[i]?.waiting);

function overTime(
  views: readonly Pick<ProcessView, 'samples'>[],
  value: (samples: ProcessView['samples'], i: number) => number | undefined,
): Line['values'] {
  const sums = new Map<number, number>();
  let end = 0;
  for (const { samples } of views) {
    for (const [i, { at }] of samples.entries()) {
      const one = value(samples, i);
      if (one === undefined) continue;
      sums.set(at, (sums.get(at) ?? 0) + one);
      end = Math.max(end, at);
    }
  }
  return Array.from({ length: samplesKept }, (_, i) => sums.get(end - (samplesKept - 1 - i) * sampleEveryMs));
}

/** A round number that is not below any. */
function ceiling(lines: readonly Line[]): number {
  const most = Math.max(0, ...lines.flatMap(({ values }) => values.filter((one) => one !== undefined)));
  if (most <= 1) return 1;
  const unit = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((times) => times * unit).find((one) => one >= most) ?? most;
}

const shown = (value: number, { language }: OperatorTexts): string =>
  new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);

/** Is there enough to draw a line? */
export const isDrawable = (lines: readonly Line[]): boolean =>
  lines.some(({ values }) => values.filter((one) => one !== undefined).length > 1);

/** With a legend that says what it is now. */
export function plot(title: string, lines: readonly Line[], texts: OperatorTexts): Html {
  const most = ceiling(lines);
  const legend = lines.map(
    ({ name, values }, i) =>
      html`<li><svg class="key l${i}" viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4H24"/></svg>${name} <b>${shown(values.at(-1) ?? 0, texts)}</b></li>`,
  );
  const y = (value: number): string => (top + (1 - value / most) * (height - top - bottom)).toFixed(1);
  const grid = [0, most / 2, most].map(
    (value) =>
      html`<path class="grid" d="M${left} ${y(value)}H${width}"/><text x="${left - 6}" y="${y(value)}" dy="4" text-anchor="end">${shown(value, texts)}</text>`,
  );
  const drawn = lines.map(({ values }, i) => html`<path class="line l${i}" d="${pathOf(values, y)}"/>`);
  return html`<figure><figcaption>${title}</figcaption>
<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">${grid}${drawn}<text x="${left}" y="${height - 3}">−${texts.lately}</text></svg>
<ul class="legend">${legend}</ul></figure>`;
}

function pathOf(values: Line['values'], y: (value: number) => string): string {
  let path = '';
  let isOn = false;
  for (const [i, value] of values.entries()) {
    if (value !== undefined) {
      const x = (left + (i / (samplesKept - 1)) * (width - left)).toFixed(1);
      path += `${isOn ? 'L' : 'M'}${x} ${y(value)}`;
    }
    isOn = value !== undefined;
  }
  return path;
}
