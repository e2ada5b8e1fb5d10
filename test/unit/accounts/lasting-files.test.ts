/** Files that expire, before anybody is told of them: which wait, for how long, and what becomes of a message where nothing comes of it. */
import { expect, test } from 'vitest';
import { createLasting, type FilesOf, type LastingFiles } from '../../../src/accounts/lasting-files.ts';
import type { FileLink } from '../../../src/core/content.ts';
import type { MessageEvent, NetworkEvent } from '../../../src/core/event.ts';
import { accountId, chatId, messageId, personId } from '../../../src/core/ids.ts';
import { createErrorLog } from '../../harness/error-log.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

/** What takes a moment, on a machine that may be busy. */
const soon = { timeout: 20_000 };

const id = accountId('romeo@test/discord.test');
const chat = chatId('balcony');
const by = personId('juliet');
const short: FileLink = { url: 'https://cdn.test/a.png?ex=1', name: 'a.png', until: 10 };
const other: FileLink = { ...short, url: 'https://cdn.test/b.png?ex=1' };
const long: FileLink = { url: 'https://cdn.test/c.png', name: 'c.png' };

function setUp(
  last: LastingFiles['last'] = async (files) => files.map(({ url, name }) => ({ url: `own:${url}`, name })),
) {
  const clock = createManualClock(0);
  const asked: { readonly files: readonly FileLink[]; readonly of: FilesOf }[] = [];
  const forgotten: unknown[] = [];
  const errors: string[] = [];
  const files: LastingFiles = {
    patienceMs: 5_000,
    takes: ({ until }) => until !== undefined,
    last(some, of) {
      asked.push({ files: some, of });
      return last(some, of);
    },
    async forget(...of) {
      forgotten.push(of);
      return 1;
    },
  };
  const lasting = createLasting({ id, owner: 'romeo@test' }, { files, clock, log: createErrorLog(errors) });
  return { clock, asked, forgotten, errors, lasting };
}

const message = (files?: readonly FileLink[], name = 'm1'): MessageEvent => ({
  kind: 'message',
  at: new Date(7),
  chat,
  by,
  nick: 'juliet',
  ref: { id: messageId(name), part: 0 },
  content: files === undefined ? {} : { files },
});

test('what has no such files waits for nothing, and is told as it is', () => {
  const { lasting, asked } = setUp();
  const typing: NetworkEvent = { kind: 'typing', at: new Date(0), chat, by, active: true };
  for (const event of [message(), message([long]), message([]), typing]) {
    expect(lasting.look(event)).toBeUndefined();
    expect(lasting.told(event)).toBe(event);
  }
  expect(asked).toEqual([]);
});

test('those that expire are told under other addresses, in their places; looked at twice, they are asked for once', async () => {
  const { lasting, asked } = setUp();
  const event = message([long, short, other]);
  expect(lasting.look(event)).toBe(lasting.look(event));
  await lasting.look(event);
  const urls = (lasting.told(event) as MessageEvent).content.files?.map(({ url }) => url);
  expect(urls).toEqual([long.url, `own:${short.url}`, `own:${other.url}`]);
  const of = { account: id, owner: 'romeo@test', chat, id: messageId('m1'), at: 7 };
  expect(asked).toEqual([{ files: [short, other], of }]);
});

test('so are those of a correction, under the name of what is corrected', async () => {
  const { lasting, asked } = setUp();
  const target = { id: messageId('m0'), part: 0 };
  const edit: NetworkEvent = { kind: 'edited', at: new Date(9), chat, by, target, content: { files: [short] } };
  await lasting.look(edit);
  expect(lasting.told(edit)).toEqual({ ...edit, content: { files: [{ url: `own:${short.url}`, name: 'a.png' }] } });
  expect(asked[0]?.of).toMatchObject({ id: 'm0', at: 9 });
});

test('where the store is away or slow the message is told as the network told it', async () => {
  const broken = setUp(async () => Promise.reject(new Error('the database is away')));
  const event = message([short]);
  await broken.lasting.look(event);
  expect(broken.lasting.told(event)).toBe(event);
  expect(broken.errors).toHaveLength(1);

  const slow = setUp(() => new Promise(() => {}));
  const looking = slow.lasting.look(event);
  await slow.clock.advance(5_000);
  await looking;
  expect(slow.lasting.told(event)).toBe(event);
  expect(slow.clock.waiting).toBe(0);
});

test('what was said before is told the same way', async () => {
  const { lasting } = setUp();
  const [first, second] = await lasting.all([message([short]), message(undefined, 'm2')]);
  expect(first?.content.files?.[0]?.url).toBe(`own:${short.url}`);
  expect(second?.content).toEqual({});
});

test('424-01 308-01 a message that is taken back takes its files along, one that is corrected those that it has no more', () => {
  const { lasting, forgotten } = setUp();
  const target = { id: messageId('m1'), part: 0 };
  const about = { at: new Date(0), chat, by, target };
  lasting.changed({ kind: 'retracted', ...about });
  lasting.changed({ kind: 'edited', ...about, content: {} });
  lasting.changed({ kind: 'edited', ...about, content: { files: [short] } });
  lasting.changed(message([short]));
  expect(forgotten).toEqual([
    [id, chat, 'm1', undefined],
    [id, chat, 'm1', undefined],
    [id, chat, 'm1', [short]],
  ]);
});

test('that they could not be deleted is said in the log; where none are kept nothing is', async () => {
  const errors: string[] = [];
  const parts = { clock: createManualClock(), log: createErrorLog(errors) };
  const retracted: NetworkEvent = {
    kind: 'retracted',
    at: new Date(0),
    chat,
    by,
    target: { id: messageId('m1'), part: 0 },
  };
  createLasting({ id, owner: 'romeo@test' }, { files: undefined, ...parts }).changed(retracted);
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const files = {
    patienceMs: 1,
    takes: () => true,
    last: async () => [],
    forget() {
      resolve();
      return Promise.reject(new Error('the database is away'));
    },
  };
  createLasting({ id, owner: 'romeo@test' }, { files, ...parts }).changed(retracted);
  await asked;
  await expect.poll(() => errors.length, soon).toBe(1);
});
