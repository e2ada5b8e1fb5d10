/** What Discord keeps of a chat, page by page, as events of the past, oldest first. */
import type { APIMessage } from 'discord.js';
import type { ChatId, MessageRef, NetworkEvent, Session } from '#bridge';
import type { Core } from './core.ts';
import { eventOf, isWritten } from './reading.ts';
import type { Recent } from './recent.ts';
import { asked } from './refusals.ts';
import type { Sending } from './sending.ts';
import { byAge, idAt } from './snowflake.ts';

type History = NonNullable<Session['history']>;

/** The API's own bound. */
const atOnce = 100;

/** See `Session.history`. */
export function createHistory(
  core: Core,
  sending: Pick<Sending, 'channelOf'>,
  recent: Recent,
  signal: AbortSignal,
): Required<History> {
  async function page(
    channel: string,
    where: 'before' | 'after',
    id: string | undefined,
    limit: number,
  ): Promise<readonly APIMessage[]> {
    const query = new URLSearchParams({ limit: `${limit}`, ...(id !== undefined && { [where]: id }) });
    const found = (await asked(
      core.rest.get(`/channels/${channel}/messages`, { query, signal }),
      signal,
    )) as APIMessage[];
    return found.toSorted((one, other) => byAge(one.id, other.id));
  }

  async function pages(
    chat: ChatId,
    where: 'before' | 'after',
    from: string | undefined,
    max: number,
  ): Promise<readonly NetworkEvent[]> {
    const channel = await sending.channelOf(chat, signal);
    const all: APIMessage[] = [];
    for (let id = from; all.length < max; ) {
      const limit = Math.min(atOnce, max - all.length);
      const some = await page(channel, where, id, limit);
      if (where === 'before') all.unshift(...some);
      else all.push(...some);
      const edge = where === 'before' ? some[0] : some.at(-1);
      if (edge === undefined || some.length < limit) break;
      id = edge.id;
    }
    return all.flatMap((message) => past(chat, message));
  }

  function past(chat: ChatId, message: APIMessage): readonly NetworkEvent[] {
    if (!isWritten(message)) return [];
    recent.authors.put(message.id, message.author.id);
    if (message.edited_timestamp !== null) recent.edits.put(message.id, message.edited_timestamp);
    return [eventOf(core, message, chat, true)];
  }

  const idOf = (from: MessageRef | number): string => (typeof from === 'number' ? idAt(from) : from.id);

  return {
    atFirst: core.config.history,
    before: (chat, from, max) => pages(chat, 'before', from === undefined ? undefined : idOf(from), max),
    after: (chat, from, max) => pages(chat, 'after', idOf(from), max),
  };
}
