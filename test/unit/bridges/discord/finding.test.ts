/** What was tried before a kill, and is looked for behind it: many messages of a channel at once. */
import { expect, test } from 'vitest';
import { deliveryKey, type MessageRef, plainText } from '../../../../src/bridge/index.ts';
import { type Login, useStage } from './stage.ts';

const stage = useStage();

/** A room in which a session has said that, and another one behind it, which is asked what became of it. */
async function saidBefore(name: string, texts: readonly string[], author: object) {
  const { world } = stage.discord;
  const room = world.channel(stage.guild, { name });
  const before = await stage.login();
  const chat = await before.enters(room);
  const begun = Date.now();
  for (const text of texts) await before.says(chat, text, author);
  const { bot } = before;
  const after = await stage.login({ bot });
  await after.enters(room);
  const accounted = new Set<string>();
  const isKnown = async (refs: readonly MessageRef[]) => refs.map(({ id }) => accounted.has(id));
  const signal = AbortSignal.timeout(10_000);
  async function asks(text: string): Promise<readonly string[] | undefined> {
    const to = { chat, key: deliveryKey(`${begun}-${accounted.size}`), number: 2, signal };
    const sent = await after.session.reconcile?.(to, { text: plainText(text), ...author }, isKnown);
    const ids = sent?.refs.map(({ id }) => id);
    for (const id of ids ?? []) accounted.add(id);
    return ids;
  }
  const looks = () =>
    stage.discord.exchanges.all.filter(
      ({ method, path }) => method === 'GET' && path === `/channels/${room.id}/messages`,
    ).length;
  return { room, before, chat, asks, looks };
}

const ways: readonly (readonly [string, object])[] = [
  ['the bot', {}],
  ['a webhook', { author: { nick: 'Juliet' } }],
];

test.each(ways)('MSG-09 what %s has said before a kill is found in one look at its channel', async (who, author) => {
  const texts = ['ay', 'no', 'ay', 'ay', 'no', ...Array.from({ length: 25 }, (_, at) => `line ${at}`)];
  const { room, asks, looks } = await saidBefore(`killed ${who}`, texts, author);
  const there = stage.discord.world.messages(room).map(({ data }) => data.id);
  const found: (readonly string[] | undefined)[] = [];
  for (const text of texts) found.push(await asks(text));
  expect([found, looks()]).toEqual([there.map((id) => [id]), 1]);
});

const late = async ({ says }: Login, chat: Awaited<ReturnType<Login['enters']>>, author: object) =>
  (await says(chat, 'last', author)).refs.map(({ id }) => id);

test.each(ways)('MSG-09 what Discord makes of %s after the first look is found by another', async (who, author) => {
  const { before, chat, asks } = await saidBefore(`late ${who}`, ['first'], author);
  expect(await asks('first')).toHaveLength(1);
  const ids = await late(before, chat, author);
  expect(await asks('last')).toEqual(ids);
});
