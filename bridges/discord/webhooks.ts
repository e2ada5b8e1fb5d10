/** The webhooks by which people are shown by their own names: one a channel, found or made, found again where it was deleted. Never anybody else's. */
import type { APIWebhook } from 'discord.js';
import { createRemembered, GatewayError } from '#bridge';
import type { Core } from './core.ts';
import { placeOf } from './core.ts';
import { may, permissionsIn, speaking } from './permissions.ts';
import { asked, codeOf } from './refusals.ts';

export interface Webhook {
  readonly id: string;
  readonly token: string;
  /** The channel's, or of a thread its parent's. */
  readonly channel: string;
}

export interface Webhooks {
  /** May we have one for that channel or thread, and is there room for it, as far as we know? Discord lets them speak where whoever made them may not: ours are as silent there as the bot. */
  may(channel: string): boolean;
  /** Makes one where there is none. */
  of(channel: string, signal: AbortSignal): Promise<Webhook>;
  /** It is no more. */
  forget(webhook: Webhook): void;
  /** Something is different about those of that channel. */
  changed(channel: string): void;
  /** The one of that id by which something was said there; undefined: it is there no more, it may have been moved. Makes none. */
  named(id: string, channel: string, signal: AbortSignal): Promise<Webhook | undefined>;
  /** Is it one of ours, made by whichever session? What the bot answers to commands, by another program, is the bot's: it has the application for its webhook. */
  isOurs(message: { readonly webhook_id?: string; readonly application_id?: string }): boolean;
}

/** By the API's codes: as many as the channel, or all of the guild, can hold. */
const tooMany = 30007;
const tooManyInGuild = 30058;
const atMost = 5_000;
const name = 'Isthmus';

/** None is known yet. */
export function createWebhooks(core: Core): Webhooks {
  const byChannel = createRemembered<Webhook>(atMost);
  const byId = createRemembered<Webhook>(atMost);
  /** Channels, and guilds, in which there is no room for ours, as long as nothing is different about theirs. */
  const full = createRemembered<true>(atMost);
  const fullGuilds = createRemembered<true>(atMost);
  const coming = new Map<string, Promise<Webhook>>();

  function holder(id: string): string {
    const channel = placeOf(core, id)?.channel;
    return channel?.thread === undefined ? id : (channel.parent ?? id);
  }

  async function make(channel: string, signal: AbortSignal): Promise<APIWebhook> {
    const making = core.rest.post(`/channels/${channel}/webhooks`, { body: { name }, signal });
    making.catch((error: unknown) => {
      const code = codeOf(error);
      if (code === tooMany) full.put(channel, true);
      else if (code === tooManyInGuild) fullGuilds.put(core.channels.get(channel) ?? '', true);
    });
    return (await asked(making, signal)) as APIWebhook;
  }

  /** Ours that are there. */
  async function list(channel: string, signal: AbortSignal): Promise<readonly APIWebhook[]> {
    const path = `/channels/${channel}/webhooks` as const;
    const all = (await asked(core.rest.get(path, { signal }), signal)) as readonly APIWebhook[];
    return all.filter(
      ({ application_id, token }) => application_id === core.identity.application.id && token !== undefined,
    );
  }

  function known({ id, token = '' }: Pick<APIWebhook, 'id' | 'token'>, channel: string): Webhook {
    const webhook = { id, token, channel };
    byId.put(id, webhook);
    return webhook;
  }

  async function find(channel: string, signal: AbortSignal): Promise<Webhook> {
    const [ours] = await list(channel, signal);
    const webhook = known(ours ?? (await make(channel, signal)), channel);
    byChannel.put(channel, webhook);
    return webhook;
  }

  return {
    may(id) {
      const place = placeOf(core, id);
      const me = place?.guild.members.get(core.me);
      if (place === undefined || me === undefined || !core.config.webhooks) return false;
      if (full.has(holder(id)) || fullGuilds.has(place.guild.id)) return false;
      const needed = may.manageWebhooks | speaking(place.channel);
      return (permissionsIn(place.guild, place.channel, me, core.clock.now()) & needed) === needed;
    },
    of(id, signal) {
      const channel = holder(id);
      const before = byChannel.get(channel);
      if (before !== undefined) return Promise.resolve(before);
      const finding = coming.get(channel) ?? find(channel, signal).finally(() => coming.delete(channel));
      coming.set(channel, finding);
      return finding;
    },
    forget({ id, channel }) {
      if (byChannel.get(channel)?.id === id) byChannel.delete(channel);
    },
    changed(channel) {
      byChannel.delete(channel);
      full.delete(channel);
      fullGuilds.delete(core.channels.get(channel) ?? '');
    },
    async named(id, place, signal) {
      const channel = holder(place);
      const before = byChannel.get(channel);
      if (before?.id === id) return before;
      const kept = byId.get(id);
      const all = await list(channel, signal).catch((error: unknown) => {
        // Who may see no webhooks any more goes on with the one that they knew: its token asks for no permission.
        if (kept?.channel === channel && error instanceof GatewayError && error.code === 'not-allowed-there')
          return [kept];
        throw error;
      });
      const there = all.find((one) => one.id === id);
      if (there === undefined) return undefined;
      const webhook = known(there, channel);
      if (before === undefined) byChannel.put(channel, webhook);
      return webhook;
    },
    isOurs: ({ webhook_id, application_id }) =>
      webhook_id !== undefined &&
      webhook_id !== application_id &&
      (application_id === core.identity.application.id || byId.has(webhook_id)),
  };
}
