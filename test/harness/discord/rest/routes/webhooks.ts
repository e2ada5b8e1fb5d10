/** Webhooks: found, made, changed, taken away (API reference, "Webhook"). */
import {
  type APIWebhook,
  ChannelType,
  RESTJSONErrorCodes as Code,
  PermissionFlagsBits as May,
} from 'discord-api-types/v10';
import { changeWebhook, createWebhook, deleteWebhook } from '../../deeds/webhooks.ts';
import type { Channel, State, Webhook } from '../../state.ts';
import { allow, type Call, channelOf, guildOf, guildWith, idParam, me, type Route } from '../call.ts';
import { type Form, formOf } from '../form.ts';
import { storePicture } from '../pictures.ts';
import { problem } from '../problems.ts';

/** @param tokens shown to bots that may, and to who has it anyway */
function shown(webhook: Webhook, viewer: 'bot' | 'holder', application: string | undefined): APIWebhook {
  const { id, type, name, avatar, channel, applicationId, user, token } = webhook;
  const mine = viewer === 'holder' || applicationId === null || applicationId === application;
  return {
    id,
    type,
    name,
    avatar,
    channel_id: channel.id,
    guild_id: channel.guild?.id ?? null,
    application_id: applicationId,
    ...(viewer === 'bot' && user !== undefined ? { user } : {}),
    ...(mine ? { token, url: `https://discord.com/api/webhooks/${id}/${token}` } : {}),
  };
}

/** The webhook of the path, with its token if that is in the path. */
export function webhookOf({ state, params, ...call }: Call): Webhook {
  const webhook = state.webhooks.get(idParam({ state, params, ...call }, 'webhook'));
  if (webhook === undefined) throw problem(Code.UnknownWebhook);
  if (params.token !== undefined && params.token !== webhook.token) throw problem(Code.InvalidWebhookToken);
  return webhook;
}

/** Channels that may have some. */
const hosts: readonly ChannelType[] = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
];

/** A webhook's name, for good or for one message. */
export function readName({ settings }: State, form: Form, field: string): string | undefined {
  const name = form.text(field, { min: 1, max: 80 })?.trim().replace(/\s+/g, ' ');
  if (name === '' && form.text(field) !== '') form.wrong(field, 'BASE_TYPE_REQUIRED', 'This field is required');
  for (const word of settings.forbiddenNames)
    if (name?.toLowerCase().includes(word) === true)
      form.wrong(field, 'USERNAME_INVALID_CONTAINS', `Username cannot contain "${word}"`);
  return name;
}

const of = ({ state }: Call, channel: Channel): Webhook[] =>
  [...state.webhooks.values()].filter((webhook) => webhook.channel === channel);

function create(call: Call): APIWebhook {
  const channel = channelOf(call, May.ManageWebhooks);
  if (!hosts.includes(channel.type)) throw problem(Code.CannotExecuteActionOnThisChannelType);
  const form = formOf(call.body);
  const name = form.needed('name', readName(call.state, form, 'name')) ?? '';
  const avatar = form.textOrNull('avatar');
  form.end();
  const { webhooksPerChannel, webhooksPerGuild } = call.state.settings;
  if (of(call, channel).length >= webhooksPerChannel) throw problem(Code.MaximumNumberOfWebhooksReached);
  const inGuild = [...call.state.webhooks.values()].filter(({ channel: { guild } }) => guild === channel.guild);
  if (inGuild.length >= webhooksPerGuild) throw problem(Code.MaximumNumberOfWebhooksPerGuildReached);
  const webhook = createWebhook(call.state, channel, {
    name,
    user: me(call),
    applicationId: call.application?.id ?? null,
  });
  webhook.avatar = storePicture(call.state, 'avatars', webhook.id, 'avatar', avatar ?? null);
  return shown(webhook, 'bot', call.application?.id);
}

/** One that the bot may change; to look at its own it needs no permission. */
function managed(call: Call, own = false): Webhook {
  const webhook = webhookOf(call);
  if (own && webhook.applicationId === call.application?.id) return webhook;
  allow(call, webhook.channel, May.ManageWebhooks);
  return webhook;
}

function modify(call: Call, webhook: Webhook, viewer: 'bot' | 'holder'): APIWebhook {
  const form = formOf(call.body);
  const name = readName(call.state, form, 'name');
  const avatar = form.textOrNull('avatar');
  const channelId = viewer === 'bot' ? form.id('channel_id') : undefined;
  form.end();
  const channel = channelId === undefined ? undefined : call.state.channels.get(channelId);
  if (channelId !== undefined && channel === undefined) throw problem(Code.UnknownChannel);
  if (channel !== undefined) allow(call, channel, May.ManageWebhooks);
  changeWebhook(call.state, webhook, {
    ...(name === undefined ? {} : { name }),
    ...(avatar === undefined ? {} : { avatar: storePicture(call.state, 'avatars', webhook.id, 'avatar', avatar) }),
    ...(channel === undefined ? {} : { channel }),
  });
  return shown(webhook, viewer, call.application?.id);
}

const [byId, byToken] = ['/webhooks/:webhook', '/webhooks/:webhook/:token'];

export const webhookRoutes: readonly Route[] = [
  { method: 'POST', path: '/channels/:channel/webhooks', run: create },
  {
    method: 'GET',
    path: '/channels/:channel/webhooks',
    run: (call) => of(call, channelOf(call, May.ManageWebhooks)).map((one) => shown(one, 'bot', call.application?.id)),
  },
  {
    method: 'GET',
    path: '/guilds/:guild/webhooks',
    run(call) {
      const guild = guildOf(call, May.ManageWebhooks);
      return [...call.state.webhooks.values()]
        .filter(({ channel }) => guildWith(channel) === guild)
        .map((one) => shown(one, 'bot', call.application?.id));
    },
  },
  { method: 'GET', path: byId, run: (call) => shown(managed(call, true), 'bot', call.application?.id) },
  { method: 'PATCH', path: byId, run: (call) => modify(call, managed(call), 'bot') },
  { method: 'DELETE', path: byId, run: (call) => deleteWebhook(call.state, managed(call)) },
  { method: 'GET', path: byToken, open: true, run: (call) => shown(webhookOf(call), 'holder', undefined) },
  { method: 'PATCH', path: byToken, open: true, run: (call) => modify(call, webhookOf(call), 'holder') },
  { method: 'DELETE', path: byToken, open: true, run: (call) => deleteWebhook(call.state, webhookOf(call)) },
];
