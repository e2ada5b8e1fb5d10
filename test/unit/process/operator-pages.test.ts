/** The operator's page, without a browser: what it refuses, and what it does. */
import { expect, test } from 'vitest';
import { accountKey } from '../../../src/gateway/decode/account-key.ts';
import type { Asked } from '../../../src/ops/http.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { createOperatorPages, operatorMount } from '../../../src/process/operator-pages.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { origin, send } from '../delivery/entries.ts';

const token = 'a token of the tests, long enough';
const { id } = accountKey('irc.test', 'romeo@verona.test', 'irc.example');

async function scene(letters = 2) {
  const clock = createManualClock(1_800_000_000_000);
  const { outbox } = createMemoryStores(clock);
  async function die(i: number): Promise<void> {
    const entry = {
      intent: send('#<i>balcony', `words ${i}`),
      origin: { ...origin(`s${i}`), from: 'romeo@verona.test/x' },
    };
    const appended = await outbox.append(id, entry, undefined, { account: 10 });
    if (appended.is === 'new') await outbox.settle(id, 1, [{ key: appended.key, dead: 'timed-out' }]);
  }
  for (let i = 0; i < letters; i++) await die(i);
  const woken: string[] = [];
  const warned: string[] = [];
  const answer = createOperatorPages({
    ...{
      token: new Secret(token),
      outboxStore: outbox,
      clock,
      log: { ...silentLog, warn: (_: object, text: string) => void warned.push(text) },
    },
    sight: { all: async () => ({ views: [], silent: ['worker-<b>'], jobs: undefined }) },
    wake: async (account, chat) => void woken.push(`${account} ${chat}`),
  });
  let cookie = '';
  const ask = (rest: string, more: Partial<Asked> = {}) =>
    answer({ method: 'GET', rest, query: '', posted: '', ...more, headers: { cookie, ...more.headers } });
  const post = (rest: string, fields: Record<string, string> | [string, string][], headers = {}) =>
    ask(rest, { method: 'POST', posted: new URLSearchParams(fields).toString(), headers });
  async function logIn(): Promise<string> {
    const { headers } = await post('/', { do: 'login', token });
    cookie = headers['set-cookie']?.split(';', 1)[0] ?? '';
    return /name="proof" value="([^"]*)"/.exec((await ask('/')).body)?.[1] ?? '';
  }
  const marks = async () =>
    [...(await ask('/dead-letters')).body.matchAll(/name="one" value="([^"]*)"/g)].map(([, mark = '']) =>
      mark.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>'),
    );
  const all = async () => /name="all" value="([^"]*)"/.exec((await ask('/dead-letters')).body)?.[1] ?? '';
  return { outbox, woken, warned, ask, post, logIn, marks, all, die, clock };
}

test('whoever is not logged in sees the form, and does nothing', async () => {
  const it = await scene();
  for (const rest of ['/', '/accounts', '/dead-letters', '/jobs']) {
    const { status, body, headers } = await it.ask(rest);
    expect(status).toBe(401);
    expect(body).toContain('type="password"');
    expect(body).not.toContain('romeo');
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; .*form-action 'self'.*frame-ancestors 'none'$/,
    );
  }
  expect((await it.post('/dead-letters', { do: 'drop', all: 'true' })).status).toBe(401);
  expect(await it.outbox.deadLetters(id, 9)).toHaveLength(2);
  expect((await it.ask('/strange')).status).toBe(404);
  expect((await it.ask('')).headers.location).toBe('operator/');
});

test('wrong tokens are refused, ten of them a minute are logged, and the right one opens meanwhile', async () => {
  const it = await scene();
  const tryWrong = async () => (await it.post('/', { do: 'login', token: 'no' })).status;
  for (let i = 0; i < 12; i++) expect(await tryWrong()).toBe(403);
  expect(it.warned).toHaveLength(10);
  expect((await it.post('/', { do: 'login', token })).status).toBe(303);
  await it.clock.advance(60_000);
  expect([await tryWrong(), it.warned.length]).toEqual([403, 11]);
});

test('behind a proxy with TLS the cookie is for TLS only; the answer leads back to the page that was asked for', async () => {
  const it = await scene();
  const { status, headers } = await it.post('/jobs', { do: 'login', token }, { 'x-forwarded-proto': 'https' });
  expect([status, headers.location]).toEqual([303, './jobs']);
  expect(headers['set-cookie']).toMatch(/; Secure$/);
  expect(
    (await it.post('/', { do: 'login', token }, { 'sec-fetch-site': 'cross-site' })).headers['set-cookie'],
  ).toBeUndefined();
});

test('letters are shown without what they say, sent again and dropped', async () => {
  const it = await scene(3);
  const proof = await it.logIn();
  const { body } = await it.ask('/dead-letters');
  expect(body).toContain('#&lt;i&gt;balcony');
  expect(body).toContain('7 bytes');
  expect(body).not.toContain('words');
  const [first = '', second = ''] = await it.marks();
  const again = await it.post('/dead-letters', { proof, do: 'requeue', one: first });
  expect([again.status, again.headers.location]).toEqual([303, './dead-letters?requeue=1']);
  expect(it.woken).toEqual([`${id} #<i>balcony`]);
  expect(
    (
      await it.post('/dead-letters', [
        ['proof', proof],
        ['do', 'drop'],
        ['one', second],
        ['one', first],
      ])
    ).headers.location,
  ).toBe('./dead-letters?drop=1');
  expect((await it.post('/dead-letters', { proof, do: 'drop', all: await it.all() })).headers.location).toBe(
    './dead-letters?drop=1',
  );
  expect(await it.outbox.deadLetters(id, 9)).toEqual([]);
  expect(await it.outbox.size(id)).toBe(1);
  expect((await it.ask('/dead-letters', { query: 'drop=1' })).body).toContain('1 dropped.');
});

test('all that were shown are dealt with, and none that came since: nobody has seen those', async () => {
  const it = await scene();
  const proof = await it.logIn();
  const all = await it.all();
  await it.clock.advance(1_000);
  await it.die(3);
  await it.post('/dead-letters', { proof, do: 'drop', all });
  const left = await it.outbox.deadLetters(id, 9);
  expect(left.map(({ origin: { stanzaId } }) => stanzaId)).toEqual(['s3']);
});

test('a form of another page, or of another site, does nothing', async () => {
  const it = await scene();
  const proof = await it.logIn();
  for (const [fields, headers] of [
    [{ do: 'drop', all: 'true' }, {}],
    [{ do: 'drop', all: 'true', proof: `${proof}x` }, {}],
    [{ do: 'drop', all: 'true', proof }, { 'sec-fetch-site': 'cross-site' }],
    [{ do: 'drop', all: 'true', proof }, { 'sec-fetch-site': 'same-site' }],
  ] as const)
    expect((await it.post('/dead-letters', fields, headers)).status).toBe(403);
  expect(await it.outbox.deadLetters(id, 9)).toHaveLength(2);
});

test('of more letters than are shown the newest are', async () => {
  const it = await scene(201);
  await it.logIn();
  const all = await it.outbox.deadLetters(id, 300);
  const shown = await it.marks();
  expect([all.length, shown.length]).toEqual([201, 200]);
  expect(shown.some((mark) => mark.includes(`"${all[0]?.key}"`))).toBe(false);
  expect(shown.some((mark) => mark.includes(`"${all[200]?.key}"`))).toBe(true);
});

test.each(['', 'nonsense', '{}', '[1,2,3]', '["a","b","c"]', '["../x","1-1","#a"]', `${'['.repeat(5_000)}`])(
  'a letter that is none is none: %j',
  async (one) => {
    const it = await scene();
    const proof = await it.logIn();
    const { headers } = await it.post('/dead-letters', { proof, do: 'requeue', one });
    expect(headers.location).toBe('./dead-letters?requeue=0');
    expect(it.woken).toEqual([]);
  },
);

test('German for who asks for it; a process that is silent is named; who leaves is out', async () => {
  const it = await scene();
  const proof = await it.logIn();
  const { body } = await it.ask('/', { headers: { 'accept-language': 'de-CH, en;q=0.5' } });
  expect(body).toContain('lang="de"');
  expect(body).toContain('worker-&lt;b&gt; antwortet nicht.');
  expect((await it.ask('/jobs')).body).toContain('No process that runs jobs answers.');
  const { headers } = await it.post('/', { proof, do: 'leave' });
  expect(headers['set-cookie']).toMatch(/^isthmus-operator=; Max-Age=0; /);
});

test('as long as nothing runs there is no page', async () => {
  const mount = operatorMount(() => undefined);
  const asked: Asked = { method: 'GET', rest: '/', query: '', headers: {}, posted: '' };
  await expect('answer' in mount && mount.answer(asked)).rejects.toThrow('has not begun');
});
