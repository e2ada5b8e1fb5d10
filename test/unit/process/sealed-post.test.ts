/** Mailboxes: what of them can be read by whoever has Redis' files. */
import { expect, test } from 'vitest';
import { createVault } from '../../../src/accounts/vault.ts';
import { sealPost } from '../../../src/process/sealed-post.ts';
import type { Post } from '../../../src/storage/process-ports.ts';
import { createErrorLog } from '../../harness/error-log.ts';

function setUp() {
  const boxes = new Map<string, string[]>();
  const take = (worker: string): readonly string[] => boxes.get(worker)?.splice(0) ?? [];
  const post: Post = {
    async send(worker, texts) {
      boxes.set(worker, [...(boxes.get(worker) ?? []), ...texts]);
    },
    async *receive(worker) {
      yield take(worker);
    },
    takeOver: async (worker) => take(worker),
    held: async () => ({ entries: 0, since: undefined }),
  };
  const errors: string[] = [];
  const of = (seed: number): Post =>
    sealPost(post, createVault([new Uint8Array(32).fill(seed)]), createErrorLog(errors));
  return { boxes, errors, of };
}

const secret = [
  `<iq type='set'><command><field var='password'><value>sesame</value></field></command></iq>`,
  `<message type='chat' to='irc'><body>password sesame</body></message>`,
  `<presence to='#a'><x><password>sesame</password></x></presence>`,
  `<message><body type='groupchat'>sesame</body></message>`,
  'page? {"posted":"sesame"}',
];

test('passwords are sealed, and come out as they were, in order, also where another takes over', async () => {
  const { of, boxes } = setUp();
  const post = of(1);
  await post.send('w', secret);
  expect(boxes.get('w')?.join()).not.toMatch(/sesame|password/);
  const received: string[] = [];
  for await (const texts of post.receive('w', new AbortController().signal)) received.push(...texts);
  expect(received).toEqual(secret);
  await post.send('w', secret);
  expect(await of(1).takeOver('w')).toEqual(secret);
});

test('what is said in rooms is as it is', async () => {
  const { of, boxes } = setUp();
  const said = `<message from='a' type='groupchat'><body>but soft</body></message>`;
  await of(1).send('w', [said]);
  expect(boxes.get('w')).toEqual([said]);
  expect(await of(1).takeOver('w')).toEqual([said]);
});

test('what was sealed for another mailbox or with another key is dropped, which the operator is told', async () => {
  const { of, boxes, errors } = setUp();
  await of(1).send('w', secret.slice(0, 1));
  boxes.set('v', [...(boxes.get('w') ?? [])]);
  expect(await of(1).takeOver('v')).toEqual([]);
  expect(await of(2).takeOver('w')).toEqual([]);
  expect(errors).toEqual([expect.stringContaining('sealing.key'), expect.stringContaining('sealing.key')]);
});
