/** Pages between processes: what is asked and answered, and what becomes of it where nobody answers. */
import { expect, test } from 'vitest';
import type { PageAnswer, PageRequest } from '../../../src/gateway/login-page/page.ts';
import { createPagePost, type PagePost } from '../../../src/process/page-post.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const request: PageRequest = {
  method: 'POST',
  query: '',
  cookie: 'login=c',
  acceptLanguage: '',
  site: '',
  posted: 'field.password=sesame',
};

function setUp({ isDeaf = false } = {}) {
  const clock = createManualClock();
  const sent: string[] = [];
  const processes = new Map<string, PagePost>();
  const post = {
    async send(to: string, texts: readonly string[]): Promise<void> {
      sent.push(...texts);
      if (!isDeaf) for (const text of texts) processes.get(to)?.take(text);
    },
  };
  const add = (
    self: string,
    visit?: (name: string, asked: PageRequest) => Promise<PageAnswer | undefined>,
  ): PagePost => {
    const workers = { self, alive: async () => ['edge-e', 'worker-w'] };
    const own = visit && { visit };
    const one = createPagePost({ own, post, workers, clock, log: silentLog });
    processes.set(self, one);
    return one;
  };
  return { clock, sent, add };
}

test('the worker is asked, and its answer comes back', async () => {
  const { add } = setUp();
  const edge = add('edge-e');
  const asked: unknown[] = [];
  const page = { status: 200, headers: {}, body: 'the page' };
  add('worker-w', async (...what) => {
    asked.push(what);
    return page;
  });
  expect(await edge.ask('worker-w', 'the-name', request)).toEqual(page);
  expect(asked).toEqual([['the-name', request]]);
});

test('it has no such link, or is no more: there is none', async () => {
  const { add } = setUp();
  const edge = add('edge-e');
  add('worker-w', async () => undefined);
  expect(await edge.ask('worker-w', 'n', request)).toBeUndefined();
  expect(await edge.ask('worker-dead', 'n', request)).toBeUndefined();
});

test('one that does not answer is given up', async () => {
  const other = setUp({ isDeaf: true });
  const edge = other.add('edge-e');
  const asking = edge.ask('worker-w', 'n', request);
  asking.catch(() => undefined);
  await settle();
  await other.clock.advance(26_000);
  await expect(asking).rejects.toMatchObject({ code: 'timed-out' });
  expect(other.clock.waiting).toBe(0);
});

test.each(['workers', 'post'] as const)('Redis is away, and the %s with it: nobody is kept waiting', async (what) => {
  const clock = createManualClock();
  const away = (): Promise<never> => new Promise(() => undefined);
  const edge = createPagePost({
    post: { send: what === 'post' ? away : async () => undefined },
    workers: { self: 'edge-e', alive: what === 'workers' ? away : async () => ['worker-w'] },
    ...{ clock, log: silentLog },
  });
  const asking = expect(edge.ask('worker-w', 'n', request)).rejects.toMatchObject({ code: 'timed-out' });
  await settle();
  await clock.advance(26_000);
  await asking;
  expect(clock.waiting).toBe(0);
});

test('an answer that was not asked for, one told twice, and what is not ours do nothing', async () => {
  const { add, sent } = setUp();
  const edge = add('edge-e');
  add('worker-w', async () => undefined);
  await edge.ask('worker-w', 'n', request);
  expect(edge.take(sent[1] ?? '')).toBe(true);
  expect(edge.take('<iq/>')).toBe(false);
  expect(edge.take('wake []')).toBe(false);
});
