/** Where logins have pages, and which process a link is with. */
import { expect, test } from 'vitest';
import { textsFor } from '../../../src/gateway/commands/texts.ts';
import { createLoginFront, createOwnPages, loginsBase } from '../../../src/process/login-pages.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const http = (publicUrl?: string) => ({ host: 'x', port: 1, ...(publicUrl !== undefined && { publicUrl }) });

test.each([
  [undefined, undefined],
  ['https://a.example', 'https://a.example/login/'],
  ['https://a.example/gw', 'https://a.example/gw/login/'],
  ['http://a.example/', undefined],
  ['http://127.0.0.1:9090/', 'http://127.0.0.1:9090/login/'],
  ['http://localhost:9090/', 'http://localhost:9090/login/'],
  ['http://127.0.0.1.example/', undefined],
])('below %s they are at %s: by TLS, or on this machine', (publicUrl, base) =>
  expect(loginsBase(http(publicUrl))?.href).toBe(base),
);

const asked = (rest: string) => ({ method: 'GET', rest, query: '', headers: {}, posted: '' }) as const;
const never = () => Promise.reject(new Error('never'));
const whose = { owner: 'romeo@test', domain: 'net.test', isWelcome: () => true };
const plan = { ...whose, where: 'Net', texts: textsFor('en'), begin: never };

test('a link says which worker it is with, and only that one is asked; others are asked by name', async () => {
  const clock = createManualClock();
  const self = 'worker-abcdefghi_-1';
  const own = createOwnPages({ base: new URL('https://a.example/login/'), self, clock, log: silentLog });
  const url = own.open({ ...plan, news: () => [], onDone: () => undefined });
  expect(url).toMatch(/^https:\/\/a\.example\/login\/abcdefghi_-1[A-Za-z0-9_-]{32}$/);
  const rest = url.slice('https://a.example/login/'.length);
  const questions: string[] = [];
  const ask = async (worker: string, name: string): Promise<undefined> => {
    questions.push(`${worker} ${name}`);
  };
  const front = createLoginFront({ own, ask, self, clock });
  const page = await front(asked(rest));
  expect([page.status, page.headers['set-cookie']]).toEqual([
    200,
    expect.stringContaining(`Path=/login/${rest}; HttpOnly; SameSite=Strict; Secure`),
  ]);
  expect(questions).toEqual([]);
  const edge = createLoginFront({ ask, clock });
  expect((await edge(asked(rest))).status).toBe(404);
  expect(questions).toEqual([`${self} ${rest.slice(12)}`]);
  for (const name of ['', 'x', `${rest}x`, rest.slice(1), '../etc', rest.slice(12)]) await edge(asked(name));
  expect(questions).toHaveLength(1);
});

test('who tries too many is not asked for any more', async () => {
  let questions = 0;
  const ask = async (): Promise<undefined> => void questions++;
  const front = createLoginFront({ ask, clock: createManualClock() });
  const statuses = [];
  for (let n = 0; n < 70; n++) statuses.push((await front(asked('x'.repeat(44)))).status);
  expect(new Set(statuses.slice(0, 60))).toEqual(new Set([404]));
  expect(new Set(statuses.slice(60))).toEqual(new Set([429]));
  expect(questions).toBe(60);
});

test('what is no link keeps nobody from theirs, nor do wrong ones from one that is being used', async () => {
  const page = { status: 200, headers: {}, body: 'the page' };
  const right = 'r'.repeat(44);
  const ask = async (_: string, name: string) => (right.endsWith(name) ? page : undefined);
  const front = createLoginFront({ ask, clock: createManualClock() });
  for (let n = 0; n < 70; n++) expect((await front(asked(`wp-login.php?${n}`))).status).toBe(404);
  expect((await front(asked(right))).status).toBe(200);
  for (let n = 0; n < 70; n++) await front(asked('x'.repeat(44)));
  expect((await front(asked('x'.repeat(44)))).status).toBe(429);
  expect((await front(asked('wp-login.php'))).status).toBe(404);
  expect((await front(asked(right))).status).toBe(200);
});
