/** What our users do to messages: corrections, retractions, reactions. A webhook's messages are changed by the webhook, all others by the bot. */
import type { APIMessage } from 'discord.js';
import { type Attempt, GatewayError, type MessageRef, messageId, nameInFront, type Session } from '#bridge';
import type { Core } from './core.ts';
import type { Recent } from './recent.ts';
import { asked, codeOf } from './refusals.ts';
import { type Parts, pathOf, type Sending } from './sending.ts';
import { nobodyRings } from './text/index.ts';
import type { Webhook, Webhooks } from './webhooks.ts';

type Deeds = Required<Pick<Session, 'edits' | 'retractions' | 'reactions' | 'replies'>>;

interface DeedParts {
  readonly sending: Pick<Sending, 'channelOf' | 'partsOf'>;
  readonly webhooks: Webhooks;
  readonly recent: Recent;
}

const unknownMessage = 10008;
const unknownEmoji = 10014;

/** For one session. */
export function createDeeds(core: Core, { sending, webhooks, recent }: DeedParts): Deeds {
  /** The webhook of ours that said it; undefined: none did. */
  async function webhookOf(channel: string, id: string, signal: AbortSignal): Promise<Webhook | undefined> {
    let said = recent.webhooks.get(id);
    if (said === undefined && recent.authors.get(id) === undefined) {
      const finding = core.rest.get(`/channels/${channel}/messages/${id}`, { signal });
      const message = (await asked(finding, signal)) as APIMessage;
      said = webhooks.isOurs(message) ? message.webhook_id : undefined;
      if (said === undefined) recent.authors.put(id, message.author.id);
      else recent.webhooks.put(id, said);
    }
    if (said === undefined) return undefined;
    return webhooks.named(said) ?? ownWebhook(channel, said, signal);
  }

  async function ownWebhook(channel: string, id: string, signal: AbortSignal): Promise<Webhook> {
    const webhook = await webhooks.of(channel, signal);
    if (webhook.id === id) return webhook;
    throw new GatewayError('no-such-message', {
      text: 'The webhook that said this was deleted; nobody can change it any more.',
    });
  }

  function threadOf(webhook: Webhook, channel: string): URLSearchParams {
    return new URLSearchParams(webhook.channel === channel ? {} : { thread_id: channel });
  }

  async function change(
    channel: string,
    id: string,
    { texts, rings }: Parts,
    part: number,
    signal: AbortSignal,
  ): Promise<void> {
    const body = { content: texts[part] ?? '', allowed_mentions: rings[part] ?? nobodyRings };
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

  /** Whoever took it away before us has done what was wanted. */
  async function remove(channel: string, id: string, reason: string | undefined, signal: AbortSignal): Promise<void> {
    try {
      const webhook = await webhookOf(channel, id, signal);
      const query = webhook === undefined ? undefined : threadOf(webhook, channel);
      const path = webhook === undefined ? `/channels/${channel}` : pathOf(webhook);
      await core.rest.delete(`${path as '/channels'}/messages/${id}`, {
        signal,
        ...(query !== undefined && { query, auth: false }),
        ...(reason !== undefined && webhook === undefined && { reason: encodeURIComponent(reason.slice(0, 100)) }),
      });
    } catch (error) {
      const gone =
        codeOf(error) === unknownMessage || (error instanceof GatewayError && error.code === 'no-such-message');
      if (!gone) await asked(Promise.reject(error), signal);
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

  return {
    edits: {
      async edit(target, content, { chat, signal }: Attempt, rest = []) {
        const channel = await sending.channelOf(chat, signal);
        const first = target.id;
        const isWebhooks = (await webhookOf(channel, first, signal)) !== undefined;
        const parts = sending.partsOf(chat, isWebhooks ? content : nameInFront(content));
        const ids = [first, ...rest.map(({ id }) => id)];
        const fitting = fittingInto(parts, ids.length);
        for (const [part, id] of ids.entries()) {
          if (part < fitting.texts.length) await change(channel, id, fitting, part, signal);
          else await remove(channel, id, undefined, signal);
        }
        return { refs: [], at: core.clock.now() };
      },
    },
    retractions: {
      async retract(target, reason, { chat, signal }) {
        await remove(await sending.channelOf(chat, signal), target.id, reason, signal);
      },
    },
    reactions: {
      async react(target, emoji, { chat, signal }, before) {
        const channel = await sending.channelOf(chat, signal);
        for (const one of before) if (!emoji.includes(one)) await react(channel, target.id, one, false, signal);
        for (const one of emoji) if (!before.includes(one)) await react(channel, target.id, one, true, signal);
      },
    },
    replies: { canName: () => true },
  };
}

/** What was said in so many messages can't become more of them: others have spoken behind it. */
function fittingInto(parts: Parts, count: number): Parts {
  if (parts.texts.length <= count) return parts;
  throw new GatewayError('message-too-long', {
    text: 'A correction can be no longer than the messages that it corrects.',
  });
}

/** As the network's name of a message. */
export const refOf = (id: string): MessageRef => ({ id: messageId(id), part: 0 });
