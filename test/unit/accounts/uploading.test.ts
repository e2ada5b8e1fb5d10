/** What is too long: said as its beginning and a link, or left for the session to refuse. */
import { expect, test } from 'vitest';
import { createUploading, type Uploads } from '../../../src/accounts/uploading.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import { type Content, plainText } from '../../../src/core/content.ts';
import { deliveryKey, personId } from '../../../src/core/ids.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { romeo, verona } from './account-world.ts';

const key = deliveryKey('7-0');
const url = 'https://gateway.example.org/uploads/x';
const session: Session = {
  me: personId('romeo'),
  limits: () => ({ textBytes: 10, maxBytes: 20, concurrency: 4, window: 4, dedupes: false }),
  excerpt: ({ text }) => (text?.plain.includes('\n') === true ? 'first …' : undefined),
  send: async () => ({ refs: [], at: 0 }),
  end: async () => {},
};
const text = (plain: string, more: Partial<Content> = {}): Content => ({ text: plainText(plain), ...more });

function setUp(keep: Uploads['keep'] | undefined) {
  const clock = createManualClock();
  const uploads = keep === undefined ? undefined : { keep, days: 1 };
  const uploading = createUploading(
    { id: romeo, owner: 'romeo@test' },
    { domain: 'net.test', uploads, clock, log: silentLog },
  );
  return { clock, fitted: (content: Content) => uploading.fitted(content, verona, session, key) };
}

test('what fits is as it was, at once', () => {
  const { fitted } = setUp(async () => url);
  const content = text('one line');
  expect(fitted(content)).toBe(content);
});

test('what does not becomes its beginning and the whole as a file, everything else of it kept', async () => {
  const kept: unknown[] = [];
  const { fitted } = setUp(async (upload) => {
    kept.push(upload);
    return url;
  });
  const files = [{ url: 'https://a/b', name: 'b' }];
  const whole = `first\n${'ü'.repeat(40)}`;
  expect(await fitted(text(whole, { action: true, files }))).toEqual({
    text: { plain: 'first …', marks: [] },
    action: true,
    files: [...files, { url, name: 'message.txt', type: 'text/plain', size: 86 }],
  });
  expect(kept).toEqual([{ owner: 'romeo@test', domain: 'net.test', about: `${romeo}\0${key}`, text: whole }]);
});

test.each<readonly [string, Uploads['keep']]>([
  ['is full', async () => undefined],
  ['is broken', async () => Promise.reject(new Error('the disk is full'))],
])('a store that %s: the session has it as it was', async (_, keep) => {
  const { fitted } = setUp(keep);
  const content = text('first\nsecond');
  expect(await fitted(content)).toBe(content);
});

test('a store that does not answer is not waited for beyond ten seconds', async () => {
  const { fitted, clock } = setUp(() => new Promise(() => {}));
  const content = text('first\nsecond');
  const fitting = fitted(content);
  await clock.advance(10_000);
  expect(await fitting).toBe(content);
});

test('longer than is ever taken: an error, unless it is kept', async () => {
  const long = text(`first\n${'x'.repeat(30)}`);
  expect(() => setUp(undefined).fitted(long)).toThrow(expect.objectContaining({ code: 'message-too-long' }));
  await expect(setUp(async () => undefined).fitted(long)).rejects.toMatchObject({ code: 'message-too-long' });
  expect((await setUp(async () => url).fitted(long)).text?.plain).toBe('first …');
});
