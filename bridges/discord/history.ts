/**
 * What Discord keeps of a chat, page by page, as events of the past, oldest first. What we said ourselves while we were away is none of a gap: it is found
 * where it is tried again (design/sent-once.md), and would count as somebody else's there if it had been told as the past.
 */
import type { APIMessage } from 'discord.js';
import type { ChatId, MessageRef, NetworkEvent, Session } from '#bridge';
import { channelOf } from './addresses.ts';
import { snowflakeOf } from './apart.ts';
import type { Conversations } from './conversations.ts';
import type { Core } from './core.ts';
import { authorOf, eventsOf, isAwaited, isWritten, starterIn } from './reading.ts';
import type { Recent } from './recent.ts';
import { asked } from './refusals.ts';
import type { Sending } from './sending.ts';
import { byAge, idAt } from './snowflake.ts';
import type { Webhooks } from './webhooks.ts';

type History = NonNullable<Session['history']>;

export interface HistoryParts {
  readonly sending: Pick<Sending, 'channelOf'>;
  readonly recent: Recent;
  readonly conversations: Pick<Conversations, 'known'>;
  readonly webhooks: Pick<Webhooks, 'isOurs'>;
}

/** The API's own bound. */
const atOnce = 100;
/** Whoever pages back is kept waiting for so many: of a channel where Discord tells of everybody who comes, thousands may hold nothing that anybody wrote. */
const pagesBack = 10;

/** See `Session.history`. */
export function createHistory(
  core: Core,
  { sending, recent, conversations, webhooks }: HistoryParts,
  signal: AbortSignal,
): Required<Omit<History, 'spokenSince'>> {
  const isOwn = (message: APIMessage): boolean =>
    webhooks.isOurs(message) || (message.author.id === core.me && message.webhook_id === undefined);

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
    // What the bot says to somebody alone is sent from here, and accounted for by who sends it. What nobody wrote does not count: behind a page of it more was said.
    const isWanted = (message: APIMessage): boolean =>
      isWritten(message) && (channelOf(chat) !== undefined || message.author.id !== core.me);
    const said = (message: APIMessage): APIMessage | undefined =>
      isWanted(message) ? message : where === 'before' ? starterIn(message) : undefined;
    const all: APIMessage[] = [];
    let [id, turned, limit] = [from, 0, Math.min(atOnce, max)];
    while (all.length < max && (where === 'after' || turned++ < pagesBack)) {
      const found = await page(channel, where, id, limit);
      const some = found.flatMap((message) => said(message) ?? []);
      if (where === 'before') all.unshift(...some);
      else all.push(...some.filter((message) => !isOwn(message)));
      const edge = where === 'before' ? found[0] : found.at(-1);
      if (edge === undefined || found.length < limit) break;
      id = edge.id;
      // Where the first did not do, Discord is asked for as much as it gives, however little is wanted: it is the turns that are counted.
      limit = atOnce;
    }
    const some = where === 'before' ? all.slice(-max) : all.slice(0, max);
    return some.flatMap((message) => past(chat, message));
  }

  function past(chat: ChatId, message: APIMessage): readonly NetworkEvent[] {
    if (isAwaited(message)) {
      recent.awaited.put(message.id, true);
      return [];
    }
    recent.authors.put(message.id, authorOf(message));
    if (message.webhook_id !== undefined && webhooks.isOurs(message))
      recent.webhooks.put(message.id, message.webhook_id);
    recent.past.put(message.id, true);
    if (message.edited_timestamp !== null) recent.edits.put(message.id, message.edited_timestamp);
    return eventsOf(core, recent, message, { chat, isPast: true, isOwn: isOwn(message) });
  }

  const idOf = (from: MessageRef | number): string => (typeof from === 'number' ? idAt(from) : snowflakeOf(from));

  return {
    atFirst: core.config.history,
    before: (chat, from, max) => pages(chat, 'before', from === undefined ? undefined : idOf(from), max),
    conversations: () => conversations.known(),
    after: (chat, from, max) => pages(chat, 'after', idOf(from), max),
  };
}
