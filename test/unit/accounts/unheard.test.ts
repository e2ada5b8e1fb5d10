/** What servers send back of what clients did not hear: the first of it counts, for clients that are still away. */
import { expect, test } from 'vitest';
import { createUnheard } from '../../../src/accounts/unheard.ts';
import { chatId } from '../../../src/core/ids.ts';

const chat = chatId('#verona');
const [phone, tablet, laptop] = ['romeo@example.org/phone', 'romeo@example.org/tablet', 'romeo@example.org/laptop'];

/** The message `m5` was said at 5; `typing` is not kept. */
function scene(...away: readonly string[]) {
  const gone = new Set(away);
  const asked: string[] = [];
  const unheard = createUnheard({
    isAway: (_, client) => gone.has(client),
    saidAt(_, id) {
      asked.push(id);
      return Promise.resolve(/^m\d+$/.test(id) ? Number(id.slice(1)) : undefined);
    },
  });
  return { gone, asked, unheard };
}

test('the first that is found counts, and nothing is looked for behind it', async () => {
  const { unheard, asked } = scene(phone);
  unheard.sentBack(chat, phone, 'typing');
  for (let n = 3; n < 9; n++) unheard.sentBack(chat, phone, `m${n}`);
  expect(await unheard.since(chat, phone)).toBe(3);
  unheard.sentBack(chat, phone, 'm9');
  expect(asked).toEqual(['typing', 'm3']);
});

test('who sends back anything at all has little looked for', async () => {
  const { unheard, asked } = scene(phone);
  for (let n = 0; n < 1_000; n++) unheard.sentBack(chat, phone, `nothing ${n}`);
  expect(await unheard.since(chat, phone)).toBeUndefined();
  expect(asked).toHaveLength(20);
});

test('another client of theirs hears of it, one of somebody else does not; nor of one that is back', async () => {
  const { unheard, gone } = scene(phone, tablet);
  unheard.sentBack(chat, phone, 'm3');
  unheard.sentBack(chat, tablet, 'm5');
  expect(await unheard.since(chat, laptop)).toBe(3);
  expect(await unheard.since(chat, 'paris@example.org/phone')).toBeUndefined();
  gone.delete(phone);
  expect(await unheard.since(chat, laptop)).toBe(5);
});

test('who has come back and is lost again begins anew', async () => {
  const { unheard } = scene(phone);
  unheard.sentBack(chat, phone, 'm3');
  await unheard.since(chat, phone);
  unheard.cameBack(chat, phone);
  expect(await unheard.since(chat, phone)).toBeUndefined();
  unheard.sentBack(chat, phone, 'm7');
  expect(await unheard.since(chat, phone)).toBe(7);
  unheard.forget(chat);
  expect(await unheard.since(chat, phone)).toBeUndefined();
});
