/** Mailboxes: what of them can be read by whoever has Redis' files. */
import { expect, test } from 'vitest';
import { createVault } from '../../../src/accounts/vault.ts';
import { accountId } from '../../../src/core/ids.ts';
import { sealPost } from '../../../src/process/sealed-post.ts';
import type { Post } from '../../../src/storage/process-ports.ts';
import { createErrorLog } from '../../harness/error-log.ts';

function setUp() {
  const boxes = new Map<string, string[]>();
  const take = (worker: string): readonly string[] => boxes.get(worker)?.splice(0) ?? [];
  const put = (worker: string, texts: readonly string[]): void =>
    void boxes.set(worker, [...(boxes.get(worker) ?? []), ...texts]);
  const post: Post = {
    send: async (worker, texts) => put(worker, texts),
    async handOn(worker, texts) {
      put(worker, texts);
      return 'sent';
    },
    async *receive(worker) {
      yield take(worker).map((text, id) => ({ id: `${id}`, account: undefined, text }));
    },
    remove: async () => undefined,
    survey: async () => [],
    oldest: async (worker) => (boxes.get(worker) ?? []).map((text, id) => ({ id: `${id}`, account: undefined, text })),
    async move(worker, letters) {
      take(worker);
      for (const { to, text } of letters) if (to !== undefined) put(to, [text ?? '']);
    },
    held: async () => ({ entries: 0, since: undefined }),
  };
  const errors: string[] = [];
  const of = (seed: number): Post =>
    sealPost(post, createVault([new Uint8Array(32).fill(seed)]), createErrorLog(errors));
  const lying = async (seed: number, worker: string) => (await of(seed).oldest(worker, 9)).map(({ text }) => text);
  return { boxes, errors, of, lying };
}

const secret = [
  `<iq type='set'><command><field var='password'><value>sesame</value></field></command></iq>`,
  `<message type='chat' to='irc'><body>password sesame</body></message>`,
  `<presence to='#a'><x><password>sesame</password></x></presence>`,
  `<message><body type='groupchat'>sesame</body></message>`,
  'page? {"posted":"sesame"}',
];

test('passwords are sealed, and come out as they were, in order, also from the mailbox into which another moves them', async () => {
  const { of, boxes, lying } = setUp();
  const post = of(1);
  await post.send('w', secret);
  expect(boxes.get('w')?.join()).not.toMatch(/sesame|password/);
  const received: unknown[] = [];
  for await (const letters of post.receive('w', new AbortController().signal))
    received.push(...letters.map(({ text }) => text));
  expect(received).toEqual(secret);
  await post.handOn('w', secret, { account: accountId('a') });
  const letters = await of(1).oldest('w', 9);
  expect(letters.map(({ text }) => text)).toEqual(secret);
  await of(1).move(
    'w',
    letters.map((letter) => ({ ...letter, to: 'v' })),
  );
  expect(boxes.get('v')?.join()).not.toMatch(/sesame|password/);
  expect(await lying(1, 'v')).toEqual(secret);
});

test('what is said in rooms is as it is', async () => {
  const { of, boxes, lying } = setUp();
  const said = `<message from='a' type='groupchat'><body>but soft</body></message>`;
  await of(1).send('w', [said]);
  expect(boxes.get('w')).toEqual([said]);
  expect(await lying(1, 'w')).toEqual([said]);
});

test('what was sealed for another mailbox or with another key is dropped, which the operator is told', async () => {
  const { of, boxes, errors, lying } = setUp();
  await of(1).send('w', secret.slice(0, 1));
  boxes.set('v', [...(boxes.get('w') ?? [])]);
  expect(await lying(1, 'v')).toEqual([undefined]);
  expect(await lying(2, 'w')).toEqual([undefined]);
  expect(errors).toEqual([expect.stringContaining('sealing.key'), expect.stringContaining('sealing.key')]);
});
