/** Every transcript in this folder, played. `UPDATE=1` writes what is sent now into the files, to be read before it is believed. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { play } from './transcript.ts';

const folder = new URL('.', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));

/** One file holds several situations; each begins with its title, a line with `#`, and a world of its own. */
const situations = (source: string): readonly string[] => source.split(/\n(?=# )/).map((one) => one.trim());

test('there are at least forty situations', () => {
  const all = files.flatMap((name) => situations(readFileSync(new URL(name, folder), 'utf8')));
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(new Set(all.map((one) => one.split('\n')[0])).size).toBe(all.length);
});

describe.each(files)('%s', (name) => {
  const file = new URL(name, folder);
  const all = situations(readFileSync(file, 'utf8'));
  if (process.env.UPDATE === '1') writeFileSync(file, `${all.map(play).join('\n\n')}\n`);
  test.each(all.map((one) => [one.split('\n')[0]?.slice(2) ?? '', one]))('%s', (_, source) => {
    expect(play(source)).toBe(source);
  });
});
