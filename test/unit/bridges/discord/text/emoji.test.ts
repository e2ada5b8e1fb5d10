/** Emoji in the one spelling that Discord has (444-05). */
import { expect, test } from 'vitest';
import { inFull } from '../../../../../bridges/discord/text/index.ts';

const code = (text: string): string => [...text].map((one) => (one.codePointAt(0) ?? 0).toString(16)).join(' ');

test.each([
  ['1f44d fe0f', '1f44d'],
  ['2764', '2764 fe0f'],
  ['2764 fe0f', '2764 fe0f'],
  ['270c 1f3fd', '270c 1f3fd'],
  ['31 20e3', '31 fe0f 20e3'],
  ['1f3f3 200d 1f308', '1f3f3 fe0f 200d 1f308'],
  ['1f575 200d 2642', '1f575 fe0f 200d 2642 fe0f'],
  ['1f1e9 1f1ea', '1f1e9 1f1ea'],
])('%s is %s', (typed, full) => {
  const text = String.fromCodePoint(...typed.split(' ').map((one) => Number.parseInt(one, 16)));
  expect(code(inFull(text))).toBe(full);
});

test('whatever is an emoji by itself is one that Unicode recommends', () => {
  const all = Array.from({ length: 0x20_000 }, (_, number) => String.fromCodePoint(number)).filter(
    (one) => /[^\p{ASCII}\p{Regional_Indicator}]/u.test(one) && /\p{Emoji}/u.test(one),
  );
  expect(all.length).toBeGreaterThan(1_300);
  expect(all.filter((one) => !/^\p{RGI_Emoji}$/v.test(inFull(one)))).toEqual([]);
});
