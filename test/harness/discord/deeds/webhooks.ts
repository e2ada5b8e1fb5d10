/** Webhooks come, change and go. */

import { createHash } from 'node:crypto';
import { type APIUser, GatewayIntentBits as Intent, WebhookType } from 'discord-api-types/v10';
import { ofGuild, tell } from '../events.ts';
import { type Channel, noFlags, type State, type Webhook } from '../state.ts';

function told(state: State, { guild, id }: Channel): void {
  if (guild === undefined) return;
  tell(state, 'WEBHOOKS_UPDATE', { guild_id: guild.id, channel_id: id }, ofGuild(guild, Intent.GuildWebhooks));
}

export interface WebhookFacts {
  readonly name: string;
  readonly avatar?: string | null;
  readonly user?: APIUser;
  readonly applicationId?: string | null;
}

/** Makes one; its token is all that is needed to speak by it. */
export function createWebhook(state: State, channel: Channel, facts: WebhookFacts): Webhook {
  const id = state.newId();
  const webhook: Webhook = {
    id,
    token: createHash('sha512').update(`the harness' webhook ${id}`).digest('base64url').slice(0, 68),
    type: WebhookType.Incoming,
    name: facts.name,
    avatar: facts.avatar ?? null,
    channel,
    applicationId: facts.applicationId ?? null,
    user: facts.user,
  };
  state.webhooks.set(id, webhook);
  told(state, channel);
  return webhook;
}

/** Its name, picture or channel. */
export function changeWebhook(
  state: State,
  webhook: Webhook,
  facts: { readonly name?: string; readonly avatar?: string | null; readonly channel?: Channel },
): void {
  const before = webhook.channel;
  Object.assign(webhook, facts);
  told(state, before);
  if (webhook.channel !== before) told(state, webhook.channel);
}

/** It is gone. */
export function deleteWebhook(state: State, webhook: Webhook): void {
  state.webhooks.delete(webhook.id);
  told(state, webhook.channel);
}

/** Whom a webhook's message shows as its author. */
export const webhookFace = ({ id }: Webhook, username: string, avatar: string | null): APIUser => ({
  id,
  username,
  global_name: null,
  avatar,
  discriminator: '0000',
  bot: true,
  public_flags: noFlags,
  flags: noFlags,
});
