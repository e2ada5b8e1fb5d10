/** Processes tell each other how they are. */
import { expect, test } from 'vitest';
import type { ProcessView } from '../../../src/gateway/operator-page/views.ts';
import { createOperatorPost, type OperatorPost } from '../../../src/process/operator-post.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

function scene(names: readonly string[], deaf: readonly string[] = []) {
  const clock = createManualClock();
  const posts = new Map<string, OperatorPost>();
  for (const name of names) {
    const post = createOperatorPost({
      own: async () => ({
        view: { name } as ProcessView,
        ...(name === 'w1' && { jobs: { counts: { delayed: 2 }, shown: [] } }),
      }),
      post: {
        async send(to, texts) {
          if (!deaf.includes(to)) for (const text of texts) posts.get(to)?.take(text);
        },
      },
      workers: { self: name, alive: async () => names },
      ...{ clock, log: silentLog },
    });
    posts.set(name, post);
  }
  return { clock, at: (name: string): OperatorPost => posts.get(name) as OperatorPost };
}

test('all answer: sorted by name, with the jobs of one of those that know', async () => {
  const it = scene(['w2', 'edge', 'w1']);
  const { views, silent, jobs } = await it.at('edge').all();
  expect(views.map(({ name }) => name)).toEqual(['edge', 'w1', 'w2']);
  expect([silent, jobs?.counts]).toEqual([[], { delayed: 2 }]);
});

test('who does not answer in two seconds is named, the others are shown', async () => {
  const it = scene(['edge', 'w1', 'w2'], ['w2']);
  const all = it.at('edge').all();
  await settle();
  await it.clock.advance(2_000);
  const { views, silent } = await all;
  expect([views.map(({ name }) => name), silent]).toEqual([['edge', 'w1'], ['w2']]);
});

test('Redis is away: at least we are shown', async () => {
  const post = createOperatorPost({
    own: async () => ({ view: { name: 'me' } as ProcessView }),
    post: { send: async () => undefined },
    workers: { self: 'me', alive: () => Promise.reject(new Error('away')) },
    ...{ clock: createManualClock(), log: silentLog },
  });
  expect((await post.all()).views.map(({ name }) => name)).toEqual(['me']);
});

test('other mail is not ours, and an answer that nobody waits for is dropped', () => {
  const post = scene(['me']).at('me');
  expect(post.take('<message/>')).toBe(false);
  expect(post.take('sight! {"id":"x","name":"me","told":{}}')).toBe(true);
});
