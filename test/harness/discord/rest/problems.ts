/** What a call is refused with: status, code and words of the API reference ("Opcodes and Status Codes", "JSON Error Codes"). */
import { RESTJSONErrorCodes as Code } from 'discord-api-types/v10';

const words = {
  [Code.UnknownChannel]: [404, 'Unknown Channel'],
  [Code.UnknownGuild]: [404, 'Unknown Guild'],
  [Code.UnknownMember]: [404, 'Unknown Member'],
  [Code.UnknownMessage]: [404, 'Unknown Message'],
  [Code.UnknownPermissionOverwrite]: [404, 'Unknown permission overwrite'],
  [Code.UnknownRole]: [404, 'Unknown Role'],
  [Code.UnknownUser]: [404, 'Unknown User'],
  [Code.UnknownEmoji]: [400, 'Unknown Emoji'],
  [Code.UnknownWebhook]: [404, 'Unknown Webhook'],
  [Code.UnknownBan]: [404, 'Unknown Ban'],
  [Code.UnknownSticker]: [404, 'Unknown sticker'],
  [Code.UnknownTag]: [400, 'Unknown Tag'],
  [Code.ActionCannotBePerformedDueToSlowmodeRateLimit]: [
    429,
    'This action cannot be performed due to slowmode rate limit',
  ],
  [Code.ChannelWriteRateLimit]: [
    429,
    'The write action you are performing on the channel has hit the write rate limit',
  ],
  [Code.MaximumNumberOfPinsReachedForTheChannel]: [400, 'Maximum number of pins reached for the channel (250)'],
  [Code.MaximumNumberOfWebhooksReached]: [400, 'Maximum number of webhooks reached (15)'],
  [Code.MaximumNumberOfReactionsReached]: [400, 'Maximum number of reactions reached (20)'],
  [Code.MaximumNumberOfAttachmentsInAMessageReached]: [400, 'Maximum number of attachments in a message reached (10)'],
  [Code.MaximumNumberOfGuildChannelsReached]: [400, 'Maximum number of server channels reached (500)'],
  [Code.MaximumNumberOfEditsToMessagesOlderThanOneHourReached]: [
    400,
    'Maximum number of edits to messages older than 1 hour reached. Try again later',
  ],
  [Code.MaximumNumberOfWebhooksPerGuildReached]: [400, 'Maximum number of webhooks per guild reached (1000)'],
  [Code.RequestEntityTooLarge]: [413, 'Request entity too large'],
  [Code.ThisMessageWasAlreadyCrossposted]: [400, 'This message has already been crossposted'],
  [Code.CannotSendAMessageInAForumChannel]: [400, 'Cannot send a message in a forum channel'],
  [Code.TagRequiredToCreateAForumPostInThisChannel]: [400, 'A tag is required to create a forum post in this channel'],
  [Code.MissingAccess]: [403, 'Missing Access'],
  [Code.CannotExecuteActionOnDMChannel]: [403, 'Cannot execute action on a DM channel'],
  [Code.CannotEditMessageAuthoredByAnotherUser]: [403, 'Cannot edit a message authored by another user'],
  [Code.CannotSendAnEmptyMessage]: [400, 'Cannot send an empty message'],
  [Code.CannotSendMessagesToThisUser]: [403, 'Cannot send messages to this user'],
  [Code.CannotSendMessagesInNonTextChannel]: [400, 'Cannot send messages in a non-text channel'],
  [Code.MissingPermissions]: [403, 'Missing Permissions'],
  [Code.ProvidedTooFewOrTooManyMessagesToDelete]: [
    400,
    'Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to delete',
  ],
  [Code.CannotExecuteActionOnSystemMessage]: [403, 'Cannot execute action on a system message'],
  [Code.CannotExecuteActionOnThisChannelType]: [400, 'Cannot execute action on this channel type'],
  [Code.InvalidWebhookToken]: [401, 'Invalid Webhook Token'],
  [Code.OneOfTheMessagesProvidedWasTooOldForBulkDelete]: [400, 'A message provided was too old to bulk delete'],
  [Code.InvalidFormBodyOrContentType]: [400, 'Invalid Form Body'],
  [Code.InvalidStickerSent]: [400, 'Invalid sticker sent'],
  [Code.InvalidActionOnArchivedThread]: [400, 'Thread is archived'],
  [Code.RequestBodyContainsInvalidJSON]: [400, 'The request body contains invalid JSON.'],
  [Code.CannotReplyWithoutPermissionToReadMessageHistory]: [
    400,
    'Cannot reply without permission to read message history',
  ],
  [Code.ThreadAlreadyCreatedForMessage]: [400, 'A thread has already been created for this message'],
  [Code.ThreadLocked]: [400, 'The thread is locked'],
  [Code.WebhooksPostedToForumChannelsMustHaveAThreadNameOrThreadId]: [
    400,
    'Webhooks posted to forum channels must have a thread_name or thread_id',
  ],
  [Code.WebhooksPostedToForumChannelsCannotHaveBothAThreadNameAndThreadId]: [
    400,
    'Webhooks posted to forum channels cannot have both a thread_name and thread_id',
  ],
  [Code.WebhooksCanOnlyCreateThreadsInForumChannels]: [400, 'Webhooks can only create threads in forum channels'],
  [Code.CannotSendMessagesToThisUserDueToHavingNoMutualGuilds]: [
    403,
    'Cannot send messages to this user due to having no mutual guilds',
  ],
  [Code.PollExpired]: [400, 'Poll expired'],
  [Code.CannotExpireANonPollMessage]: [400, 'Cannot expire a non-poll message'],
  [Code.CannotEditAPollMessage]: [400, 'Cannot edit a poll message'],
} as const satisfies Partial<Record<Code, readonly [number, string]>>;

/** A code that something here is refused with. */
export type Problems = keyof typeof words;

/** A refusal on its way to the caller. */
export class Problem extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: { readonly message: string } & Readonly<Record<string, unknown>>) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

/** By its code. */
export function problem(code: Problems, more: Readonly<Record<string, unknown>> = {}): Problem {
  const [status, message] = words[code];
  return new Problem(status, { message, code, ...more });
}

/** Without a code of its own. */
export const plainProblem = (status: number, message: string): Problem =>
  new Problem(status, { message: `${status}: ${message}`, code: 0 });

/** Path of a field, its parts joined by dots → what is wrong with it. */
export type Wrongs = ReadonlyMap<string, readonly { readonly code: string; readonly message: string }[]>;

/** 50035, with each field's fault where the reference puts it. */
export function formProblem(wrongs: Wrongs): Problem {
  const errors: Record<string, unknown> = {};
  for (const [path, faults] of wrongs) {
    let at = errors;
    for (const part of path.split('.')) {
      const next = (at[part] ?? {}) as Record<string, unknown>;
      at[part] = next;
      at = next;
    }
    at._errors = faults;
  }
  return problem(Code.InvalidFormBodyOrContentType, { errors });
}

/** 50035 with one fault. */
export const wrongField = (path: string, code: string, message: string): Problem =>
  formProblem(new Map([[path, [{ code, message }]]]));
