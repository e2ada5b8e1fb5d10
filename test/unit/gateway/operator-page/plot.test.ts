/** Plots of several processes: sums of rates, with gaps where nothing is known. */
import { describe, expect, test } from 'vitest';
import {
  isDrawable,
  plot,
  rates,
  sampleEveryMs,
  samplesKept,
  waiting,
} from '../../../../src/gateway/operator-page/plot.ts';
import { operatorTexts } from '../../../../src/gateway/operator-page/texts.ts';
import { counted, type Sample } from '../../../../src/gateway/operator-page/views.ts';

const view = (...samples: readonly [slot: number, out: number, waits?: number][]) => ({
  samples: samples.map(
    ([slot, out, waits = 0]): Sample => ({
      at: slot * sampleEveryMs,
      counts: counted.map((what) => (what === 'out' ? out : 0)),
      waiting: waits,
    }),
  ),
});
const last = <T>(values: readonly T[], count: number): readonly T[] => values.slice(-count);

describe('lines', () => {
  test('what was counted between two samples, a second, over all processes', () => {
    const views = [view([100, 0], [101, 50], [102, 150]), view([101, 1_000], [102, 1_020])];
    expect(last(rates(views, 'out'), 3)).toEqual([undefined, 5, 12]);
    expect(rates(views, 'out')).toHaveLength(samplesKept);
    expect(last(rates(views, 'in'), 1)).toEqual([0]);
  });

  test('no rate over a gap, nor where a process began anew', () => {
    expect(last(rates([view([100, 0], [110, 500])], 'out'), 1)).toEqual([undefined]);
    expect(last(rates([view([100, 500], [101, 3])], 'out'), 1)).toEqual([0]);
    expect(last(rates([view([100, 500], [100, 500])], 'out'), 1)).toEqual([undefined]);
  });

  test('what waits is added up', () => {
    expect(last(waiting([view([100, 0, 3], [101, 0, 4]), view([101, 0, 5])]), 2)).toEqual([3, 9]);
  });

  test('two points are enough to draw, one is not', () => {
    const line = (values: readonly (number | undefined)[]) => [{ name: 'a', values }];
    expect(isDrawable(line([undefined, 1]))).toBe(false);
    expect(isDrawable(line([1, undefined, 2]))).toBe(true);
  });
});

describe('the picture', () => {
  const texts = operatorTexts('de-AT,de;q=0.9');
  const of = (...values: readonly (number | undefined)[]): string =>
    plot(
      'Last & Zeit',
      [{ name: '<in>', values: [...Array<undefined>(samplesKept - values.length), ...values] }],
      texts,
    ).html;

  test('stays within its frame, whatever the values; its axis has a round number', () => {
    const picture = of(0, 1_234.5, 17);
    const numbers = [...picture.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    for (const [x = -1, y = -1] of numbers) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(400);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(130);
    }
    expect(picture).toContain('>2.000<');
  });

  test('a gap lifts the pen, texts are texts, and nothing has a style of its own', () => {
    const picture = of(1, 2, undefined, 3, 4);
    expect(/class="line l0" d="([^"]*)"/.exec(picture)?.[1]?.match(/M/g)).toHaveLength(2);
    expect(picture).toContain('Last &amp; Zeit');
    expect(picture).toContain('&lt;in&gt; <b>4</b>');
    expect(picture).not.toMatch(/style=|<script|href=/);
  });
});
