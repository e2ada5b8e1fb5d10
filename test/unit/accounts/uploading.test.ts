/** What is too long: said as its beginning and a link, or left for the session to refuse. */
import { expect, test } from 'vitest';
import { createUploading, type Message, type Uploads } from '../../../src/accounts/uploading.ts';
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
  rooms: { join: async () => {}, leave: async () => {} },
  end: async () => {},
};
const text = (plain: string, more: Partial<Content> = {}): Content => ({ text: plainText(plain), ...more });

function setUp(keep: Uploads['keep'] | undefined, forget: Uploads['forget'] = async () => 0) {
  const clock = createManualClock();
  const uploads = keep === undefined ? undefined : { keep, forget, days: 1 };
  const uploading = createUploading(
    { id: romeo, owner: 'romeo@test' },
    { domain: 'net.test', uploads, clock, log: silentLog },
  );
  const fitted = (content: Content, more: Partial<Message> = {}) =>
    uploading.fitted(content, session, { chat: verona, key, ...more });
  return { clock, fitted, forget: () => uploading.forget(verona, { id: 'm1' }) };
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

test('what is kept may be something else than what is said, and has the name by which it is forgotten', async () => {
  const kept: unknown[] = [];
  const keep: Uploads['keep'] = async ({ message, text }) => {
    kept.push([message, text]);
    return url;
  };
  const forgotten: unknown[] = [];
  const { fitted, forget } = setUp(keep, async ({ owner, message }) => forgotten.push(owner, message));
  await fitted(text('[edited] first\nsecond'), { id: 'm1', whole: 'first\nsecond' });
  expect(kept).toEqual([[`${romeo}\0${verona}\0m1`, 'first\nsecond']]);
  expect(await forget()).toBe(true);
  expect(forgotten).toEqual(['romeo@test', `${romeo}\0${verona}\0m1`]);
});

test.each<readonly [string, Uploads['forget'] | undefined]>([
  ['has nothing', async () => 0],
  ['is broken', async () => Promise.reject(new Error('the disk is full'))],
  ['is not there', undefined],
])('a store that %s: nothing is forgotten', async (_, forget) => {
  const { forget: tried } = setUp(forget && (async () => url), forget);
  expect(await tried()).toBe(false);
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
