/** Messages on their way: whom they go to, in how many parts, by the bot or by a webhook that shows who speaks; and what became of one whose answer was lost. */
import { createHash } from 'node:crypto';
import type { APIMessage } from 'discord.js';
import {
  type Attempt,
  type ChatId,
  type Content,
  createRemembered,
  type FileLink,
  GatewayError,
  messageId,
  nameInFront,
  type Sent,
  type Session,
} from '#bridge';
import { channelOf } from './addresses.ts';
import { snowflakeOf } from './apart.ts';
import type { Conversations } from './conversations.ts';
import { away, type Core } from './core.ts';
import { type Attaching, type Opened, refusedFiles } from './files/attaching.ts';
import { createFinding } from './finding.ts';
import type { Flight, Flights } from './flights.ts';
import { refusedField } from './form-faults.ts';
import { type Part, partsOf, withoutFiles } from './parts.ts';
import type { Recent } from './recent.ts';
import { asked, codeOf } from './refusals.ts';
import { timeOf } from './snowflake.ts';
import { speakerName } from './speaker-name.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

export interface Sending {
  send(content: Content, to: Attempt): Promise<Sent>;
  /** See `Session.reconcile`. */
  readonly reconcile: NonNullable<Session['reconcile']>;
  /** What that content is in that chat. @param attached files of it that are said as attachments */
  partsOf(chat: ChatId, content: Content, attached?: ReadonlySet<FileLink>): readonly Part[];
  /** The channel that a chat is on Discord; rejects where we are not there. */
  channelOf(chat: ChatId, signal: AbortSignal): Promise<string>;
}

interface SendingParts {
  readonly account: string;
  readonly flights: Flights;
  readonly conversations: Conversations;
  readonly webhooks: Webhooks;
  readonly recent: Recent;
  readonly attaching: Attaching;
}

/** By the API's codes: it is unknown, or has another token by now. */
const lostWebhook: ReadonlySet<number | undefined> = new Set([10015, 50027]);
const unfinishedAtMost = 200;
const unfitAtMost = 500;
/** Of a call to a webhook: what says who speaks. */
const showing: ReadonlySet<string | undefined> = new Set(['username', 'avatar_url']);

/** What is asked of the API: the fields of a message, or a form with files. */
type Call = NonNullable<Parameters<Core['rest']['post']>[1]>;

/** For one session. */
export function createSending(
  core: Core,
  { account, flights, conversations, webhooks, recent, attaching }: SendingParts,
): Sending {
  /** Of deliveries of which only the first parts are there. */
  const unfinished = createRemembered<readonly string[]>(unfinishedAtMost);

  /** Names that Discord does not take: whoever has one is named by the bot. */
  const unfit = createRemembered<true>(unfitAtMost);

  /** Can they be shown there by a webhook? */
  const isShown = ({ author }: Content, channel: string): boolean =>
    author !== undefined && webhooks.may(channel) && !unfit.has(speakerName(author.nick));

  const finding = createFinding(core, webhooks);

  const nonceOf = (key: string, part: number): string =>
    createHash('sha256').update(`${account} ${key} ${part}`).digest('base64url').slice(0, 24);

  const noncesOf = (key: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, part) => nonceOf(key, part));

  async function channelFor(chat: ChatId, signal: AbortSignal): Promise<string> {
    if (!core.isUp) throw away();
    const channel = channelOf(chat);
    if (channel === undefined) return conversations.channelWith(chat, signal);
    if (!core.rooms.has(chat)) throw new GatewayError('not-in-room', { text: 'You are not in this channel.' });
    return channel;
  }

  /** Where a file of it can't be attached after all, its address is said, and what was said before stays. */
  async function sayAll(flight: Flight, parts: readonly Part[], opened: Opened, signal: AbortSignal): Promise<void> {
    let all = parts;
    for (let at = flight.heard.length; at < all.length; ) {
      const part = all[at];
      if (part === undefined) break;
      try {
        const message = await sayOne(flight, part, at, opened, signal);
        flights.sent(message.id, flight);
        remember(message);
        at++;
      } catch (error) {
        const refused = signal.aborted ? undefined : refusedFiles(error, part.files);
        if (refused === undefined) throw error;
        all = [...all.slice(0, at), ...withoutFiles(part, refused), ...all.slice(at + 1)];
        flights.relaid(flight, all.length, flight.byWebhook ? [] : noncesOf(flight.key, all.length));
      }
    }
  }

  function sayOne(
    flight: Flight,
    { text, rings, files }: Part,
    at: number,
    opened: Opened,
    signal: AbortSignal,
  ): Promise<APIMessage> {
    const said = { content: text, allowed_mentions: rings };
    const { author, replyTo } = flight.content;
    const fields = flight.byWebhook
      ? {
          ...said,
          username: speakerName(author?.nick ?? ''),
          ...(author?.avatar !== undefined && { avatar_url: author.avatar }),
        }
      : {
          ...said,
          nonce: flight.nonces[at] ?? '',
          enforce_nonce: true,
          ...(at === 0 &&
            replyTo !== undefined && {
              message_reference: { message_id: snowflakeOf(replyTo), fail_if_not_exists: false },
            }),
        };
    const call: Call =
      files.length === 0
        ? { body: fields, signal }
        : { body: opened.body(fields, files, signal), passThroughBody: true, signal };
    return flight.byWebhook ? execute(flight.channel, call, signal) : byBot(flight.channel, call, signal);
  }

  async function byBot(channel: string, call: Call, signal: AbortSignal): Promise<APIMessage> {
    return (await asked(core.rest.post(`/channels/${channel}/messages`, call), signal)) as APIMessage;
  }

  function remember({ id, webhook_id }: APIMessage): void {
    if (webhook_id !== undefined) recent.webhooks.put(id, webhook_id);
    else recent.authors.put(id, core.me);
  }

  /** One that somebody has deleted is made anew, once. */
  async function execute(channel: string, call: Call, signal: AbortSignal, isAgain = false): Promise<APIMessage> {
    const webhook = await webhooks.of(channel, signal);
    const query = new URLSearchParams({ wait: 'true' });
    if (webhook.channel !== channel) query.set('thread_id', channel);
    try {
      return (await core.rest.post(pathOf(webhook), { ...call, query, auth: false })) as APIMessage;
    } catch (error) {
      if (!lostWebhook.has(codeOf(error))) return asked(Promise.reject(error), signal);
      webhooks.forget(webhook);
      if (isAgain) return asked(Promise.reject(error), signal);
      return execute(channel, call, signal, true);
    }
  }

  async function fly(content: Content, to: Attempt, isPuppet: boolean): Promise<Sent> {
    const channel = await channelFor(to.chat, to.signal);
    const opened = await attaching.open(content, channel, to, isPuppet);
    try {
      return await flyWith(content, to, isPuppet, channel, opened);
    } catch (error) {
      if (opened.files.size > 0 && error instanceof GatewayError && error.code === 'outcome-unknown')
        attaching.failed(to.key);
      throw error;
    } finally {
      opened.close();
    }
  }

  async function flyWith(
    content: Content,
    { chat, key, signal }: Attempt,
    isPuppet: boolean,
    channel: string,
    opened: Opened,
  ): Promise<Sent> {
    const parts = partsOf(core, chat, content, opened.files);
    if (parts.length === 0)
      throw new GatewayError('bad-value', { text: 'There is nothing in it that Discord could show.' });
    const before = [...(unfinished.get(key) ?? [])];
    const flight: Flight = {
      chat,
      channel,
      key,
      content,
      direct: channelOf(chat) === undefined,
      byWebhook: isPuppet,
      nonces: isPuppet ? [] : noncesOf(key, parts.length),
      parts: parts.length,
      made: [],
      heard: [...before],
      settle: undefined,
    };
    flights.begin(flight);
    try {
      await sayAll(flight, parts, opened, signal);
      await flights.told(flight);
      unfinished.delete(key);
      return sentOf([...before, ...flight.made], core.clock.now());
    } catch (error) {
      // The answer was lost, and the gateway has told of all of it already.
      if (flight.heard.length >= flight.parts && !signal.aborted) return sentOf(flight.heard, core.clock.now());
      // Of what is there either the answers or the gateway may have told more.
      const said = [...before, ...flight.made];
      const there = flight.heard.length > said.length ? flight.heard : said;
      if (there.length > 0) unfinished.put(key, there);
      throw error;
    } finally {
      flights.end(flight);
    }
  }

  return {
    channelOf: channelFor,
    partsOf: (chat, content, attached) => partsOf(core, chat, content, attached),
    async send(content, to) {
      to.signal.throwIfAborted();
      const channel = channelOf(to.chat);
      if (content.author === undefined || channel === undefined) return fly(content, to, false);
      if (!isShown(content, channel)) return fly(nameInFront(content), to, false);
      try {
        return await fly(content, to, true);
      } catch (error) {
        // The permission was taken away just now, the channel has too many webhooks, or the name is none that Discord takes: the bot says it.
        if (!(error instanceof GatewayError)) throw error;
        const isUnfit = showing.has(refusedField(error.cause));
        if (isUnfit) unfit.put(speakerName(content.author.nick), true);
        else if (error.code !== 'not-allowed-there' && error.code !== 'network-refused') throw error;
        return fly(nameInFront(content), to, false);
      }
    },
    async reconcile(to, content, isKnown) {
      const channel = await channelFor(to.chat, to.signal);
      const isPuppet = channelOf(to.chat) !== undefined && isShown(content, channel);
      const byBot = { content: nameInFront(content), channel, isPuppet: false };
      const said = isPuppet ? await finding.find({ ...byBot, content, isPuppet }, to, isKnown) : undefined;
      // A webhook that was refused has left it to the bot.
      const { ids, isWhole } =
        said === undefined || said.ids.length === 0 ? await finding.find(byBot, to, isKnown) : said;
      for (const id of ids) flights.sent(id);
      if (isWhole) return sentOf(ids, core.clock.now());
      if (ids.length > 0) unfinished.put(to.key, ids);
      return undefined;
    },
  };
}

const sentOf = (ids: readonly string[], now: number): Sent => ({
  refs: ids.map((id) => ({ id: messageId(id), part: 0 })),
  at: ids.length === 0 ? now : timeOf(ids.at(-1) ?? ''),
});

/** As a webhook of ours is named in an address of the API. */
export const pathOf = ({ id, token }: Webhook): `/webhooks/${string}` => `/webhooks/${id}/${token}`;
