/** A server's own past, on the harness' own server: what of it is asked for, and what is told of it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chatId } from '../../../../src/bridge/index.ts';
import { connectIrc } from '../../../harness/irc-client.ts';
import { connectSession } from '../../../harness/irc-session.ts';
import { type Modern, startModern } from '../../../harness/modern.ts';

let ircd: Modern | undefined;
beforeAll(async () => {
  ircd = await startModern(['irc.test'], { historyLimit: 10, redactedInHistory: 'include' });
});
afterAll(() => ircd?.[Symbol.asyncDispose]());

/** We, who have asked for the past, and Romeo, in a room of this name. */
async function meet(name: string) {
  if (ircd === undefined) throw new Error('no server');
  const { port } = ircd;
  const romeo = await connectIrc({ port, nick: `Romeo-${name}`, caps: ['draft/message-redaction', 'message-tags'] });
  const us = await connectSession({ port, nick: `juliet-${name}` });
  const room = `#${name}`;
  await us.join(room);
  await romeo.join(room);
  const { history } = us.live;
  if (history?.after === undefined) throw new Error('no past');
  const { after } = history;
  const says = async (text: string) => {
    romeo.say(room, text);
    return us.event('message', ({ content }) => content.text?.plain === text);
  };
  return { us, romeo, room, says, after: after.bind(history) };
}

test('313-09 a page is of messages alone: who comes and goes, and what is set meanwhile, is no end of them', async () => {
  const { us, romeo, room, says, after } = await meet('gap');
  await using _ = us;
  const { ref } = await says('before');
  for (let at = 0; at < 12; at++) romeo.send(`TOPIC ${room} :${at}`);
  await says('behind');
  const page = await after(chatId(room), ref, 10);
  expect(page.map((event) => event.kind === 'message' && event.content.text?.plain)).toEqual(['behind']);
  romeo.cut();
});

test('424-01 what was redacted since is not told, and pages full of it are no end of the past', async () => {
  const { us, romeo, room, says, after } = await meet('spam');
  await using _ = us;
  const { ref } = await says('before');
  const redacts = async (text: string) => {
    const { id } = (await says(text)).ref;
    romeo.send(`REDACT ${room} ${id}`);
    await us.event('retracted', ({ target }) => target.id === id);
  };
  for (let at = 0; at < 25; at++) await redacts(`spam ${at}`);
  await says('ham');
  await redacts('spam');
  const texts = (page: Awaited<ReturnType<typeof after>> | undefined) =>
    page?.map((event) => event.kind === 'message' && event.content.text?.plain);
  expect(texts(await after(chatId(room), ref, 10))).toEqual(['ham']);
  expect(texts(await us.live.history?.before(chatId(room), undefined, 10))).toEqual(['ham']);
  for (let at = 0; at < 10; at++) await redacts(`more ${at}`);
  expect(texts(await us.live.history?.before(chatId(room), undefined, 10))).toEqual(['ham']);
  romeo.cut();
});
