/** What calls that write messages have in common: which fields, within which limits, with which files. */
import {
  type APIAllowedMentions,
  type APIEmbed,
  type APIMessageTopLevelComponent,
  type APIPollMedia,
  RESTJSONErrorCodes as Code,
} from 'discord-api-types/v10';
import type { Draft, PollDraft, Upload } from '../../deeds/drafts.ts';
import type { Guild, State } from '../../state.ts';
import type { Call } from '../call.ts';
import { type Form, formOf, isObject } from '../form.ts';
import { problem } from '../problems.ts';

/** Fields that all of them know. */
export interface Speech extends Draft {
  /** Of an edit: files that stay. */
  readonly kept: readonly string[] | undefined;
}

/** Flags that a caller may set. */
const settable = (1 << 2) | (1 << 12) | (1 << 13) | (1 << 15);

/** Reads them. @param guild where it is said; undefined: between two */
export function readSpeech(call: Call, form: Form, guild: Guild | undefined): Speech {
  const { contentLength } = call.state.settings;
  const content = form.textOrNull('content', { max: contentLength });
  const embeds = form.list('embeds', 10);
  for (const [index, embed] of (embeds ?? []).entries()) checkEmbed(form, `embeds.${index}`, embed);
  const total = (embeds ?? []).reduce((sum, embed) => sum + lengthOf(embed), 0);
  if (total > 6_000) form.wrong('embeds', 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000');
  const components = form.list('components', 40);
  const flags = form.whole('flags');
  const allowed = readAllowed(form);
  const tts = form.flag('tts');
  const poll = readPoll(form);
  const { files, kept } = readFiles(call, form, guild);
  return {
    ...(content === undefined ? {} : { content: (content ?? '').trim() }),
    ...(embeds === undefined ? {} : { embeds: embeds as readonly APIEmbed[] }),
    ...(components === undefined
      ? {}
      : { components: components as unknown as readonly APIMessageTopLevelComponent[] }),
    ...(flags === undefined ? {} : { flags: flags & settable }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(tts === undefined ? {} : { tts }),
    ...(poll === undefined ? {} : { poll }),
    ...(files.length === 0 ? {} : { files }),
    kept,
  };
}

const limits = [
  ['title', 256],
  ['description', 4_096],
  ['footer.text', 2_048],
  ['author.name', 256],
] as const;

const textAt = (embed: Readonly<Record<string, unknown>>, path: string): string => {
  const found = path.split('.').reduce<unknown>((at, part) => (isObject(at) ? at[part] : undefined), embed);
  return typeof found === 'string' ? found : '';
};

const fieldsOf = (embed: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(embed.fields) ? embed.fields.filter(isObject) : [];

/** Characters of an embed that count. */
const lengthOf = (embed: Readonly<Record<string, unknown>>): number =>
  limits.reduce((sum, [path]) => sum + [...textAt(embed, path)].length, 0) +
  fieldsOf(embed).reduce(
    (sum, field) => sum + [...textAt(field, 'name')].length + [...textAt(field, 'value')].length,
    0,
  );

function checkEmbed(form: Form, at: string, embed: Readonly<Record<string, unknown>>): void {
  for (const [path, max] of limits)
    if ([...textAt(embed, path)].length > max)
      form.wrong(`${at}.${path}`, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
  const fields = fieldsOf(embed);
  if (fields.length > 25) form.wrong(`${at}.fields`, 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.');
  fields.forEach((field, index) => {
    for (const [name, max] of [
      ['name', 256],
      ['value', 1_024],
    ] as const) {
      const { length } = [...textAt(field, name)];
      if (length === 0) form.wrong(`${at}.fields.${index}.${name}`, 'BASE_TYPE_REQUIRED', 'This field is required');
      if (length > max)
        form.wrong(`${at}.fields.${index}.${name}`, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
    }
  });
}

function readAllowed(form: Form): APIAllowedMentions | undefined {
  const found = form.object('allowed_mentions') as APIAllowedMentions | undefined;
  if (found === undefined) return undefined;
  for (const kind of ['users', 'roles'] as const) {
    if (found[kind] === undefined || found[kind].length === 0) continue;
    if (found.parse?.includes(kind as never) === true)
      form.wrong(
        'allowed_mentions',
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
    if (found[kind].length > 100)
      form.wrong(`allowed_mentions.${kind}`, 'BASE_TYPE_MAX_LENGTH', 'Must be 100 or fewer in length.');
  }
  return found;
}

function readPoll(form: Form): PollDraft | undefined {
  const found = form.object('poll');
  if (found === undefined) return undefined;
  const question = textAt(found, 'question.text');
  if (question === '' || [...question].length > 300)
    form.wrong('poll.question.text', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 300 in length.');
  const answers = Array.isArray(found.answers) ? found.answers.filter(isObject) : [];
  if (answers.length === 0 || answers.length > 10)
    form.wrong('poll.answers', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 10 in length.');
  return {
    question,
    answers: answers.map(({ poll_media }) => poll_media as APIPollMedia),
    hours: typeof found.duration === 'number' ? found.duration : 24,
    several: found.allow_multiselect === true,
  };
}

/** How much larger files may be, by the tier to which a guild is boosted. */
const boosts = [1, 1, 5, 10] as const;

interface Files {
  readonly files: readonly Upload[];
  readonly kept: readonly string[] | undefined;
}

/** Files of the form, described by `attachments`; ids there that are no numbers of files are attachments that stay. */
function readFiles(call: Call, form: Form, guild: Guild | undefined): Files {
  const described = form.list('attachments', 10);
  if (call.files.size > 10) throw problem(Code.MaximumNumberOfAttachmentsInAMessageReached);
  const most = call.state.settings.fileBytes * (boosts[guild?.premiumTier ?? 0] ?? 1);
  if ([...call.files.values()].some(({ bytes }) => bytes.length > most)) throw problem(Code.RequestEntityTooLarge);
  const files = [...call.files].map(([key, file]) => {
    const more = described?.find(({ id }) => String(id) === key);
    const text = (field: string, max: number): string | undefined =>
      more === undefined ? undefined : formOf(more).text(field, { max });
    return {
      ...file,
      filename: text('filename', 1_024) ?? file.filename,
      ...{ description: text('description', 1_024), title: text('title', 1_024) },
    };
  });
  const kept = described?.map(({ id }) => String(id)).filter((id) => !call.files.has(id));
  return { files, kept };
}

/** Is there nothing to be seen? */
export const isEmpty = ({
  content = '',
  embeds = [],
  files = [],
  stickers = [],
  poll,
  components = [],
}: Draft): boolean =>
  content === '' && embeds.length + files.length + stickers.length + components.length === 0 && poll === undefined;

const nonceMs = 5 * 60_000;

/** The message that this author wrote with this nonce a few minutes ago. */
export function recalled(state: State, author: string, nonce: string | number): string | undefined {
  const found = state.nonces.get(`${author} ${nonce}`);
  return found !== undefined && state.now() - found.at < nonceMs ? found.messageId : undefined;
}

/** Keeps which message a nonce stands for; those of long ago are let go. */
export function remember(state: State, author: string, nonce: string | number, messageId: string): void {
  for (const [key, { at }] of state.nonces) {
    if (state.now() - at < nonceMs) break;
    state.nonces.delete(key);
  }
  state.nonces.set(`${author} ${nonce}`, { messageId, at: state.now() });
}
