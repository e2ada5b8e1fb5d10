/** Calls of Discord's API, as the library makes them, and what stays of them. */
import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { deliveryKey, messageId, plainText } from '../../../../src/bridge/index.ts';
import { useStage } from './stage.ts';

const stage = useStage();

test('nothing of a call stays with the signal of who made it, which lives as long as the account', async () => {
  const { enters, session, says } = await stage.login();
  const chat = await enters(stage.room);
  const [ref] = (await says(chat, 'first')).refs;
  const { signal } = new AbortController();
  const to = (key: string) => ({ chat, key: deliveryKey(key), number: 1, signal });
  await session.send({ text: plainText('second') }, to('1-1'));
  await session.edits?.edit({ id: ref?.id ?? messageId(''), part: 0 }, { text: plainText('third') }, to('1-2'));
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
