/** Log lines are JSON objects with a level, a time, fields and a message. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog, logTo } from '../../../src/ops/log.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-log-'));
});
afterAll(() => rm(dir, { recursive: true }));

function collect(level: Parameters<typeof logTo>[1]) {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: logTo({ write: (line) => lines.push(JSON.parse(line)) }, level) };
}

test('a line has level, time, fields and message; a child adds its own', () => {
  const { lines, log } = collect('trace');
  log.child({ domain: 'irc.example.org' }).warn({ attempt: 2 }, 'slow');
  expect(lines).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      domain: 'irc.example.org',
      attempt: 2,
      msg: 'slow',
    },
  ]);
});

test('every level has its name, and those below the chosen one are not written', () => {
  const { lines, log } = collect('info');
  for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) log[level]({}, level);
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    ['info', 'info'],
    ['warn', 'warn'],
    ['error', 'error'],
  ]);
});

test('another level holds at once, in loggers that were made before too', () => {
  const lines: string[] = [];
  const levels = { now: 'info' as 'info' | 'debug' };
  const log = logTo(
    { write: (line) => lines.push(JSON.parse(line).msg) },
    {
      ...levels,
      set: () => {},
      get now() {
        return levels.now;
      },
    },
  );
  const child = log.child({ domain: 'irc.example.org' });
  child.debug({}, 'not yet');
  levels.now = 'debug';
  child.debug({}, 'now');
  expect(lines).toEqual(['now']);
});

test('close writes out everything, in order', async () => {
  const file = join(dir, 'deep', 'isthmus.log');
  const log = createLog({ level: 'info', file });
  for (let line = 0; line < 1_000; line += 1) log.info({ line }, 'x');
  await log.close();
  // At the very end of a process somebody may still be surprised by it.
  log.error({}, 'after the end');
  const written = (await readFile(file, 'utf8')).trim().split('\n');
  expect(written.map((text) => JSON.parse(text).line)).toEqual(Array.from({ length: 1_000 }, (_, line) => line));
});

test.skipIf(process.platform !== 'linux')(
  'a disk that is full takes no line, and nothing else is kept from going on or ending',
  async () => {
    const log = createLog({ level: 'info', file: '/dev/full' });
    log.info({}, 'lost');
    await new Promise((resolve) => setTimeout(resolve, 100));
    log.info({}, 'lost too');
    await log.close();
  },
);

test('whoever read the log has gone: it ends as ever', async () => {
  const pipe = join(dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const log = createLog({ level: 'info', file: pipe });
  const reader = await open(pipe, 'r');
  log.info({}, 'read');
  await reader.read(Buffer.alloc(100), 0, 1);
  await reader.close();
  log.info({}, 'lost');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await log.close();
});
