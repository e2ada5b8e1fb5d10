/** `npm run test:repeat`: so many runs, what each said last, and whether all passed. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const script = join(import.meta.dirname, '../../../deploy/repeat.sh');
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'isthmus-repeat-'));
  mkdirSync(join(dir, 'deploy'));
  copyFileSync(script, join(dir, 'deploy', 'repeat.sh'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** With a test.sh of these lines, which counts its runs in the file `n`. */
function repeats(lines: string, ...args: readonly string[]) {
  writeFileSync(join(dir, 'n'), '');
  writeFileSync(join(dir, 'deploy', 'test.sh'), `echo x >>n\n${lines}\n`);
  const { status, stdout } = spawnSync('/bin/sh', [join(dir, 'deploy', 'repeat.sh'), ...args], { encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n'), runs: readFileSync(join(dir, 'n'), 'utf8').length / 2 };
}

test('all pass: a line each, and no log is left', () => {
  const { status, lines, runs } = repeats('echo "$*"; echo "7 passed, 0 failed"', '3', '--project', 'unit');
  expect([status, runs]).toEqual([0, 3]);
  expect(lines.slice(0, 3).every((line, i) => line.startsWith(`run ${i + 1} of 3: 7 passed, 0 failed, `))).toBe(true);
  expect(lines.at(-1)).toBe('3 of 3 runs passed');
  expect(existsSync(join(dir, 'test-repeat.log'))).toBe(false);
});

test('one fails: it goes on, says so, and keeps what was printed', () => {
  const { status, lines, runs } = repeats(
    'echo "arguments: $*"\n[ "$(wc -l <n)" = 2 ] && echo "6 passed, 1 failed" && exit 1\necho fine',
    '3',
    'a b',
  );
  expect([status, runs]).toEqual([1, 3]);
  expect(lines[1]).toMatch(/^run 2 of 3: 6 passed, 1 failed, \d+ s \(see test-repeat\.log\)$/);
  expect(lines.at(-1)).toBe('2 of 3 runs passed');
  expect(readFileSync(join(dir, 'test-repeat.log'), 'utf8')).toBe('== run 2\narguments: a b\n6 passed, 1 failed\n');
});

test('a number that is none: how it is used', () => {
  expect(repeats('', 'often')).toMatchObject({ status: 2, runs: 0 });
});
