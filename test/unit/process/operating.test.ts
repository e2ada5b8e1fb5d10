/** The operator's page while Redis is away, where it says why nothing goes on: what asks Redis waits then, and the page does not wait for it. */
import { expect, test } from 'vitest';
import { createMetrics } from '../../../src/ops/metrics.ts';
import { createReadiness } from '../../../src/ops/readiness.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { openOperating } from '../../../src/process/operating.ts';
import type { RoleParts } from '../../../src/process/role.ts';
import type { OutboxStore } from '../../../src/storage/ports.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const token = 'a token of the tests, long enough';
/** What is never answered. */
const away = (): Promise<never> => new Promise(() => undefined);

function scene() {
  const clock = createManualClock();
  const { page, close } = openOperating(
    {
      ...{ role: 'worker', version: '1', clock, log: silentLog, metrics: createMetrics(clock) },
      readiness: createReadiness(),
      config: { http: { operatorToken: new Secret(token) } },
      stores: { workers: { self: 'worker-w', alive: away } },
    } as unknown as RoleParts,
    {
      jobs: { view: away },
      outboxStore: { dead: away, deadLetters: away, requeue: away, drop: away } as unknown as OutboxStore,
      post: { send: away },
      wake: away,
    },
  );
  let cookie = '';
  async function ask(rest: string, posted?: Record<string, string>) {
    const asking = page?.({
      method: posted === undefined ? 'GET' : 'POST',
      ...{ rest, query: '', headers: { cookie } },
      posted: new URLSearchParams(posted).toString(),
    }).catch((error: Error) => error);
    for (let seconds = 0; seconds < 10; seconds++) {
      await settle();
      await clock.advance(1_000);
    }
    return Promise.race([asking, settle().then(() => 'waits')]);
  }
  async function logIn(): Promise<void> {
    const answer = await ask('/', { do: 'login', token });
    if (typeof answer === 'object' && 'headers' in answer)
      cookie = answer.headers['set-cookie']?.split(';', 1)[0] ?? '';
  }
  return { ask, logIn, close, clock };
}

test('Redis is away: this process is shown, its accounts too, and that nobody tells of jobs', async () => {
  const { ask, logIn, close, clock } = scene();
  await logIn();
  expect(await ask('/')).toMatchObject({ status: 200, body: expect.stringContaining('<b>worker</b>') });
  expect(await ask('/accounts')).toMatchObject({ status: 200 });
  expect(await ask('/jobs')).toMatchObject({ body: expect.stringContaining('No process that runs jobs answers.') });
  close();
  expect(clock.waiting).toBe(0);
});

test('Redis is away: what of dead letters it has is not waited for', async () => {
  const { ask, logIn, close } = scene();
  await logIn();
  expect(await ask('/dead-letters')).toMatchObject({ code: 'storage-away' });
  close();
});
