/** Messages on their way: whom they go to, in how many parts, by the bot or by a webhook that shows who speaks; and what became of one whose answer was lost. */
import { createHash } from 'node:crypto';
import type { APIMessage, RESTPostAPIChannelMessageJSONBody } from 'discord.js';
import {
  type Attempt,
  type ChatId,
  type Content,
  createRemembered,
  GatewayError,
  messageId,
  nameInFront,
  type Sent,
  type Session,
} from '#bridge';
import { channelOf } from './addresses.ts';
import type { Conversations } from './conversations.ts';
import { away, type Core, placeOf } from './core.ts';
import type { Flight, Flights } from './flights.ts';
import { namesIn } from './naming.ts';
import type { Recent } from './recent.ts';
import { asked, codeOf } from './refusals.ts';
import { byAge, idAt } from './snowflake.ts';
import { speakerName } from './speaker-name.ts';
import { longestMessage, nobodyRings, type Part, write } from './text/index.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

/** What is sent of a content: the texts of its messages, and whom each rings. */
export interface Parts {
  readonly texts: readonly string[];
  readonly rings: readonly Part['allowed_mentions'][];
}

export interface Sending {
  send(content: Content, to: Attempt): Promise<Sent>;
  /** See `Session.reconcile`. */
  readonly reconcile: NonNullable<Session['reconcile']>;
  /** What that content is in that chat. */
  partsOf(chat: ChatId, content: Content): Parts;
  /** The channel that a chat is on Discord; rejects where we are not there. */
  channelOf(chat: ChatId, signal: AbortSignal): Promise<string>;
}

interface SendingParts {
  readonly account: string;
  readonly flights: Flights;
  readonly conversations: Conversations;
  readonly webhooks: Webhooks;
  readonly recent: Recent;
}

const unknownWebhook = 10015;
const unfinishedAtMost = 200;
/** What was accepted so long before its message was made is the same. */
const clocksApartMs = 10_000;
const lookedAt = 100;

/** For one session. */
export function createSending(
  core: Core,
  { account, flights, conversations, webhooks, recent }: SendingParts,
): Sending {
  /** Of deliveries of which only the first parts are there. */
  const unfinished = createRemembered<readonly string[]>(unfinishedAtMost);

  const nonceOf = (key: string, part: number): string =>
    createHash('sha256').update(`${account} ${key} ${part}`).digest('base64url').slice(0, 24);

  async function channelFor(chat: ChatId, signal: AbortSignal): Promise<string> {
    if (!core.isUp) throw away();
    const channel = channelOf(chat);
    if (channel === undefined) return conversations.channelWith(chat, signal);
    if (!core.rooms.has(chat)) throw new GatewayError('not-in-room', { text: 'You are not in this channel.' });
    return channel;
  }

  function partsOf(chat: ChatId, content: Content): Parts {
    const place = placeOf(core, channelOf(chat) ?? '');
    const names = namesIn(core, place?.guild, place?.channel);
    if (content.author !== undefined && content.replyTo !== undefined && place !== undefined)
      return pointing(`${place.guild.id}/${place.channel.id}/${content.replyTo.id}`, (limit) =>
        write(content, names, limit),
      );
    const parts = write(content, names);
    return { texts: parts.map((part) => part.content), rings: parts.map((part) => part.allowed_mentions) };
  }

  const bodyOf = ({ texts, rings }: Parts, part: number) => ({
    content: texts[part] ?? '',
    allowed_mentions: rings[part] ?? nobodyRings,
  });

  async function byBot(flight: Flight, parts: Parts, signal: AbortSignal): Promise<readonly APIMessage[]> {
    const { replyTo } = flight.content;
    const made: APIMessage[] = [];
    for (let part = flight.heard.length; part < parts.texts.length; part++) {
      const body: RESTPostAPIChannelMessageJSONBody = {
        ...bodyOf(parts, part),
        nonce: flight.nonces[part] ?? '',
        enforce_nonce: true,
        ...(part === 0 &&
          replyTo !== undefined && { message_reference: { message_id: replyTo.id, fail_if_not_exists: false } }),
      };
      const sending = core.rest.post(`/channels/${flight.channel}/messages`, { body, signal });
      const message = (await asked(sending, signal)) as APIMessage;
      flights.sent(message.id, flight);
      made.push(message);
    }
    return made;
  }

  async function byWebhook(flight: Flight, parts: Parts, signal: AbortSignal): Promise<readonly APIMessage[]> {
    const { author } = flight.content;
    const made: APIMessage[] = [];
    for (let part = flight.heard.length; part < parts.texts.length; part++) {
      const body = {
        ...bodyOf(parts, part),
        username: speakerName(author?.nick ?? ''),
        ...(author?.avatar !== undefined && { avatar_url: author.avatar }),
      };
      const message = await execute(flight.channel, body, signal);
      flights.sent(message.id, flight);
      made.push(message);
    }
    return made;
  }

  /** One that somebody has deleted is made anew, once. */
  async function execute(channel: string, body: object, signal: AbortSignal, isAgain = false): Promise<APIMessage> {
    const webhook = await webhooks.of(channel, signal);
    const query = new URLSearchParams({ wait: 'true' });
    if (webhook.channel !== channel) query.set('thread_id', channel);
    try {
      const sending = core.rest.post(`/webhooks/${webhook.id}/${webhook.token}`, { body, query, auth: false, signal });
      return (await sending) as APIMessage;
    } catch (error) {
      if (codeOf(error) !== unknownWebhook) return asked(Promise.reject(error), signal);
      webhooks.forget(webhook);
      if (isAgain) return asked(Promise.reject(error), signal);
      return execute(channel, body, signal, true);
    }
  }

  async function fly(content: Content, to: Attempt, isPuppet: boolean): Promise<Sent> {
    const { chat, key, signal } = to;
    const channel = await channelFor(chat, signal);
    const parts = partsOf(chat, content);
    if (parts.texts.length === 0)
      throw new GatewayError('bad-value', { text: 'There is nothing in it that Discord could show.' });
    const flight: Flight = {
      chat,
      channel,
      key,
      content,
      direct: channelOf(chat) === undefined,
      byWebhook: isPuppet,
      nonces: isPuppet ? [] : parts.texts.map((_, part) => nonceOf(key, part)),
      parts: parts.texts.length,
      made: [],
      heard: [...(unfinished.get(key) ?? [])],
      settle: undefined,
    };
    const before = [...flight.heard];
    flights.begin(flight);
    try {
      const made = isPuppet ? await byWebhook(flight, parts, signal) : await byBot(flight, parts, signal);
      await flights.told(flight);
      unfinished.delete(key);
      const ids = [...before, ...made.map(({ id }) => id)];
      for (const message of made) {
        if (message.webhook_id !== undefined) recent.webhooks.put(message.id, message.webhook_id);
        else recent.authors.put(message.id, core.me);
      }
      return sentOf(ids, made.at(-1)?.timestamp, core.clock.now());
    } catch (error) {
      // The answer was lost, and the gateway has told of all of it already.
      if (flight.heard.length >= flight.parts && !signal.aborted)
        return sentOf(flight.heard, undefined, core.clock.now());
      if (flight.heard.length > 0) unfinished.put(key, flight.heard);
      throw error;
    } finally {
      flights.end(flight);
    }
  }

  /** The newest that may be of that delivery, oldest first. */
  async function since(channel: string, key: string, signal: AbortSignal): Promise<readonly APIMessage[]> {
    const accepted = Number(key.split('-')[0]);
    const at = Number.isFinite(accepted) ? accepted : core.clock.now();
    const query = new URLSearchParams({ after: idAt(at - clocksApartMs), limit: `${lookedAt}` });
    const found = await asked(core.rest.get(`/channels/${channel}/messages`, { query, signal }), signal);
    return (found as APIMessage[]).toSorted((one, other) => byAge(one.id, other.id));
  }

  return {
    channelOf: channelFor,
    partsOf,
    async send(content, to) {
      to.signal.throwIfAborted();
      const channel = channelOf(to.chat);
      if (content.author === undefined || channel === undefined) return fly(content, to, false);
      if (!webhooks.may(channel)) return fly(nameInFront(content), to, false);
      try {
        return await fly(content, to, true);
      } catch (error) {
        // The permission was taken away just now, or the channel has too many webhooks: the bot says it.
        const mayBot =
          error instanceof GatewayError && (error.code === 'not-allowed-there' || error.code === 'network-refused');
        if (!mayBot) throw error;
        return fly(nameInFront(content), to, false);
      }
    },
    async reconcile(to, content, isKnown) {
      const channel = await channelFor(to.chat, to.signal);
      const isPuppet = content.author !== undefined && channelOf(to.chat) !== undefined && webhooks.may(channel);
      const { texts } = partsOf(to.chat, isPuppet ? content : nameInFront(content));
      const messages = await since(channel, to.key, to.signal);
      const isOwn = (message: APIMessage): boolean =>
        isPuppet
          ? webhooks.isOurs(message) && message.author.username === speakerName(content.author?.nick ?? '')
          : message.author.id === core.me && message.webhook_id === undefined;
      const own = messages.filter(isOwn);
      const known = own.length === 0 ? [] : await isKnown(own.map(({ id }) => ({ id: messageId(id), part: 0 })));
      const fresh = own.filter((_, at) => known[at] !== true);
      const found = inARow(fresh, texts);
      for (const { id } of found) flights.sent(id);
      if (found.length === texts.length)
        return sentOf(
          found.map(({ id }) => id),
          found.at(-1)?.timestamp,
          core.clock.now(),
        );
      if (found.length > 0)
        unfinished.put(
          to.key,
          found.map(({ id }) => id),
        );
      return undefined;
    },
  };
}

/** As many of the texts as were said one behind the other. Discord cuts off space at both ends. */
function inARow(messages: readonly APIMessage[], texts: readonly string[]): readonly APIMessage[] {
  let best: readonly APIMessage[] = [];
  for (const start of messages.keys()) {
    const row: APIMessage[] = [];
    for (const text of texts) {
      const message = messages[start + row.length];
      if (message === undefined || message.content.trim() !== text.trim()) break;
      row.push(message);
    }
    if (row.length > best.length) best = row;
  }
  return best;
}

/** Webhooks can't answer: a small line in front leads to what is answered. */
function pointing(place: string, writeIn: (limit: number) => readonly Part[]): Parts {
  const line = `-# [↪](https://discord.com/channels/${place})\n`;
  const parts = writeIn(longestMessage - line.length);
  return {
    texts: parts.map(({ content }, part) => (part === 0 ? line + content : content)),
    rings: parts.map((part) => part.allowed_mentions),
  };
}

const sentOf = (ids: readonly string[], timestamp: string | undefined, now: number): Sent => ({
  refs: ids.map((id) => ({ id: messageId(id), part: 0 })),
  at: timestamp === undefined ? now : Date.parse(timestamp),
});

/** As a webhook of ours is named in an address of the API. */
export const pathOf = ({ id, token }: Webhook): `/webhooks/${string}` => `/webhooks/${id}/${token}`;
