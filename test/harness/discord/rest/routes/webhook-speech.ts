/** What is said by a webhook, under any name: written, read, changed, taken away (API reference, "Execute Webhook"). */
import {
  type APIMessage,
  type APIUser,
  ChannelType,
  RESTJSONErrorCodes as Code,
  MessageType,
} from 'discord-api-types/v10';
import { post, remove } from '../../deeds/messages.ts';
import { changeThread, createThread } from '../../deeds/threads.ts';
import { webhookFace } from '../../deeds/webhooks.ts';
import { messageFor } from '../../payloads/messages.ts';
import type { Channel, Message, State, Webhook } from '../../state.ts';
import { type Call, messageOf, type Route } from '../call.ts';
import { type Form, formOf, formOfQuery } from '../form.ts';
import { keepRemotePicture } from '../pictures.ts';
import { problem } from '../problems.ts';
import { change } from './messages.ts';
import { isEmpty, readSpeech } from './speech.ts';
import { readName, webhookOf } from './webhooks.ts';

const forums: readonly ChannelType[] = [ChannelType.GuildForum, ChannelType.GuildMedia];

/** The face of the moment. */
function faceOf(state: State, webhook: Webhook, form: Form): APIUser {
  const username = readName(state, form, 'username') ?? webhook.name;
  const link = form.text('avatar_url', { max: 2_048 });
  if (link !== undefined && !/^https?:\/\//.test(link))
    form.wrong('avatar_url', 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
  const avatar = link === undefined ? webhook.avatar : keepRemotePicture(state, webhook.id, link);
  return webhookFace(webhook, username, avatar);
}

/** A thread of the webhook's channel, by the query. */
function threadIn(state: State, webhook: Webhook, id: string | undefined): Channel | undefined {
  if (id === undefined) return undefined;
  const thread = state.channels.get(id);
  if (thread?.thread === undefined || thread.parentId !== webhook.channel.id) throw problem(Code.UnknownChannel);
  return thread;
}

interface Place {
  readonly thread: Channel | undefined;
  readonly name: string | undefined;
  readonly tags: readonly string[];
}

/** In which thread it shall be, and whether that must be begun. */
function placeOf(call: Call, webhook: Webhook, form: Form): Place {
  const query = formOfQuery(call.query);
  const id = query.id('thread_id');
  query.end();
  const name = form.text('thread_name', { min: 1, max: 100 });
  const tags = form.ids('applied_tags', 5) ?? [];
  form.end();
  const forum = forums.includes(webhook.channel.type);
  if (forum && id === undefined && name === undefined)
    throw problem(Code.WebhooksPostedToForumChannelsMustHaveAThreadNameOrThreadId);
  if (id !== undefined && name !== undefined)
    throw problem(Code.WebhooksPostedToForumChannelsCannotHaveBothAThreadNameAndThreadId);
  if (!forum && name !== undefined) throw problem(Code.WebhooksCanOnlyCreateThreadsInForumChannels);
  return { thread: threadIn(call.state, webhook, id), name, tags };
}

/** Archived ones come back by speaking, locked ones do not. */
function open(state: State, channel: Channel): void {
  if (channel.thread === undefined) return;
  const { archived, locked } = channel.thread.metadata;
  if (archived && locked) throw problem(Code.InvalidActionOnArchivedThread);
  if (archived) changeThread(state, channel, { archived: false });
}

function execute(call: Call): APIMessage | undefined {
  const { state } = call;
  const webhook = webhookOf(call);
  const form = formOf(call.body);
  const speech = readSpeech(call, form, webhook.channel.guild);
  const user = faceOf(state, webhook, form);
  const { thread, name, tags } = placeOf(call, webhook, form);
  if (isEmpty(speech)) throw problem(Code.CannotSendAnEmptyMessage);
  if (thread !== undefined) open(state, thread);
  const speaker = { user, webhookId: webhook.id, applicationId: webhook.applicationId };
  const channel =
    name === undefined
      ? (thread ?? webhook.channel)
      : createThread(state, webhook.channel, { name, owner: user, tags, byWebhook: true });
  const message = post(state, {
    ...speech,
    channel,
    speaker,
    everyone: true,
    ...(name === undefined ? {} : { id: channel.id }),
  });
  return call.query.get('wait') === 'true' ? messageFor(state, message, undefined) : undefined;
}

/** A message of this webhook, in its channel or in the thread that the query names. */
function own(call: Call): Message {
  const { state } = call;
  const webhook = webhookOf(call);
  const query = formOfQuery(call.query);
  const id = query.id('thread_id');
  query.end();
  const message = messageOf(call, threadIn(state, webhook, id) ?? webhook.channel);
  if (message.data.webhook_id !== webhook.id) throw problem(Code.UnknownMessage);
  return message;
}

function rewrite(call: Call): APIMessage {
  const message = own(call);
  if (message.channel.thread?.metadata.archived === true) throw problem(Code.InvalidActionOnArchivedThread);
  const form = formOf(call.body);
  const speech = readSpeech(call, form, message.channel.guild);
  form.end();
  change(call, message, speech, true);
  return messageFor(call.state, message, undefined);
}

function takeAway(call: Call): undefined {
  const message = own(call);
  if (message.data.type !== MessageType.Default) throw problem(Code.CannotExecuteActionOnSystemMessage);
  remove(call.state, message);
}

const at = '/webhooks/:webhook/:token';

export const webhookSpeechRoutes: readonly Route[] = [
  { method: 'POST', path: at, open: true, bucket: 'webhook', run: execute },
  {
    method: 'GET',
    path: `${at}/messages/:message`,
    open: true,
    run: (call) => messageFor(call.state, own(call), undefined),
  },
  { method: 'PATCH', path: `${at}/messages/:message`, open: true, bucket: 'webhook message', run: rewrite },
  { method: 'DELETE', path: `${at}/messages/:message`, open: true, bucket: 'webhook message', run: takeAway },
];
