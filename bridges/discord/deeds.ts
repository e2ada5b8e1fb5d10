/** What our users do to messages: corrections, retractions, reactions. A webhook's messages are changed by the webhook, all others by the bot. */
import type { APIAttachment, APIMessage } from 'discord.js';
import {
  type Attempt,
  type ChatId,
  type Content,
  type ErrorCode,
  type FileLink,
  GatewayError,
  nameInFront,
  type Session,
} from '#bridge';
import { channelOf } from './addresses.ts';
import { snowflakeOf } from './apart.ts';
import { type Core, placeOf } from './core.ts';
import { attachmentName } from './files/names.ts';
import type { Part } from './parts.ts';
import { may, permissionsIn } from './permissions.ts';
import { authorOf } from './reading.ts';
import type { Recent } from './recent.ts';
import { asked, codeOf } from './refusals.ts';
import { pathOf, type Sending } from './sending.ts';
import { inFull, nobodyRings } from './text/index.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

type Deeds = Required<Pick<Session, 'edits' | 'retractions' | 'reactions' | 'replies'>>;

interface DeedParts {
  readonly sending: Pick<Sending, 'channelOf' | 'partsOf'>;
  readonly webhooks: Webhooks;
  readonly recent: Recent;
}

const unknownEmoji = 10014;
const reasonLength = 100;
/** The webhook is no more, or the bot may not have any. */
const withoutWebhook: ReadonlySet<ErrorCode> = new Set(['no-such-item', 'not-allowed-there']);

/** For one session. */
export function createDeeds(core: Core, { sending, webhooks, recent }: DeedParts): Deeds {
  /** The webhook of ours that said it; undefined: none did. Throws where it is no more. */
  async function webhookOf(channel: string, id: string, signal: AbortSignal): Promise<Webhook | undefined> {
    let said = recent.webhooks.get(id);
    if (said === undefined && recent.authors.get(id) === undefined) {
      const finding = core.rest.get(`/channels/${channel}/messages/${id}`, { signal });
      const message = (await asked(finding, signal)) as APIMessage;
      said = webhooks.isOurs(message) ? message.webhook_id : undefined;
      if (said === undefined) recent.authors.put(id, authorOf(message));
      else recent.webhooks.put(id, said);
    }
    if (said === undefined) return undefined;
    const webhook = await webhooks.named(said, channel, signal);
    if (webhook !== undefined) return webhook;
    throw new GatewayError('no-such-item', {
      text: 'The webhook that said this was deleted; nobody can change it any more.',
    });
  }

  function threadOf(webhook: Webhook, channel: string): URLSearchParams {
    return new URLSearchParams(webhook.channel === channel ? {} : { thread_id: channel });
  }

  /** @param kept attachments that stay; undefined: all of them */
  async function change(
    channel: string,
    id: string,
    { text, rings }: Part,
    kept: readonly APIAttachment[] | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const body = {
      content: text,
      allowed_mentions: rings,
      ...(kept !== undefined && { attachments: kept.map((one) => ({ id: one.id })) }),
    };
    const webhook = await webhookOf(channel, id, signal);
    const changing =
      webhook === undefined
        ? core.rest.patch(`/channels/${channel}/messages/${id}`, { body, signal })
        : core.rest.patch(`${pathOf(webhook)}/messages/${id}`, {
            body,
            query: threadOf(webhook, channel),
            auth: false,
            signal,
          });
    await asked(changing, signal);
  }

  /** Of the files that the new version has, those that the old one was said with. */
  async function attachedTo(
    channel: string,
    ids: readonly string[],
    { files = [] }: Content,
    signal: AbortSignal,
  ): Promise<{ readonly files: ReadonlySet<FileLink>; readonly kept: ReadonlyMap<string, readonly APIAttachment[]> }> {
    const kept = new Map<string, readonly APIAttachment[]>();
    const found = new Set<FileLink>();
    if (files.length === 0) return { files: found, kept };
    for (const id of ids) {
      const message = (await asked(
        core.rest.get(`/channels/${channel}/messages/${id}`, { signal }),
        signal,
      )) as APIMessage;
      const stays = (message.attachments ?? []).filter(({ filename }) => {
        const file = files.find((one) => !found.has(one) && attachmentName(one).name === filename);
        if (file !== undefined) found.add(file);
        return file !== undefined;
      });
      kept.set(id, stays);
    }
    return { files: found, kept };
  }

  /** False: none of ours said it, or none that is left, and the bot alone can take it away. */
  async function removeByWebhook(channel: string, id: string, signal: AbortSignal): Promise<boolean> {
    try {
      const webhook = await webhookOf(channel, id, signal);
      if (webhook === undefined) return false;
      const query = threadOf(webhook, channel);
      await asked(core.rest.delete(`${pathOf(webhook)}/messages/${id}`, { query, auth: false, signal }), signal);
      return true;
    } catch (error) {
      if (error instanceof GatewayError && withoutWebhook.has(error.code)) return false;
      throw error;
    }
  }

  async function removeByBot(
    channel: string,
    id: string,
    reason: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const why = reason === undefined ? {} : { reason: reason.slice(0, reasonLength).toWellFormed() };
    await asked(core.rest.delete(`/channels/${channel}/messages/${id}`, { signal, ...why }), signal);
  }

  /** Whoever took it away before us has done what was wanted. */
  async function remove(channel: string, id: string, reason: string | undefined, signal: AbortSignal): Promise<void> {
    try {
      if (!(await removeByWebhook(channel, id, signal))) await removeByBot(channel, id, reason, signal);
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'no-such-message') throw error;
    }
  }

  async function react(
    channel: string,
    id: string,
    emoji: string,
    present: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const path = `/channels/${channel}/messages/${id}/reactions/${encodeURIComponent(emoji)}/@me` as const;
    try {
      await (present ? core.rest.put(path, { signal }) : core.rest.delete(path, { signal }));
    } catch (error) {
      // Discord knows fewer emoji than there are: it is said in words.
      if (present && codeOf(error) === unknownEmoji)
        throw new GatewayError('network-cannot', { text: 'Discord does not know this emoji.' });
      await asked(Promise.reject(error), signal);
    }
  }

  /** Discord takes answers only of those who may read what was said before. */
  function mayAnswer(chat: ChatId): boolean {
    const place = placeOf(core, channelOf(chat) ?? '');
    const me = place?.guild.members.get(core.me);
    if (place === undefined || me === undefined) return true;
    return (permissionsIn(place.guild, place.channel, me, core.clock.now()) & may.readHistory) !== 0n;
  }

  return {
    edits: {
      async edit(target, content, { chat, signal }: Attempt, rest = []) {
        const channel = await sending.channelOf(chat, signal);
        const first = snowflakeOf(target);
        const isWebhooks = (await webhookOf(channel, first, signal)) !== undefined;
        const said = isWebhooks ? content : nameInFront(content);
        const ids = [first, ...rest.map(snowflakeOf)];
        const attached = await attachedTo(channel, ids, said, signal);
        const parts = fittingInto(sending.partsOf(chat, said, attached.files), ids.length);
        for (const [at, id] of ids.entries()) {
          const kept = attached.kept.get(id);
          const part = parts[at] ?? (kept === undefined || kept.length === 0 ? undefined : wordless);
          if (part !== undefined) await change(channel, id, part, kept, signal);
          else await remove(channel, id, undefined, signal);
        }
        return { refs: [], at: core.clock.now() };
      },
    },
    retractions: {
      async retract(target, reason, { chat, signal }) {
        await remove(await sending.channelOf(chat, signal), snowflakeOf(target), reason, signal);
      },
    },
    reactions: {
      async react(target, emoji, { chat, signal }, before) {
        const channel = await sending.channelOf(chat, signal);
        const id = snowflakeOf(target);
        const [had, wanted] = [before.map(inFull), emoji.map(inFull)];
        for (const one of had) if (!wanted.includes(one)) await react(channel, id, one, false, signal);
        for (const one of wanted) if (!had.includes(one)) await react(channel, id, one, true, signal);
      },
    },
    replies: { canName: (_, chat) => mayAnswer(chat) },
  };
}

const wordless: Part = { text: '', rings: nobodyRings, files: [] };

/** What was said in so many messages can't become more of them: others have spoken behind it. */
function fittingInto(parts: readonly Part[], count: number): readonly Part[] {
  if (parts.length <= count) return parts;
  throw new GatewayError('message-too-long', {
    text: 'A correction can be no longer than the messages that it corrects.',
  });
}
