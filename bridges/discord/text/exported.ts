/**
 * Messages as DiscordChatExporter writes them into its JSON exports, as Content. What an export lacks stands empty, what is new in it is left out: exports
 * are years old, and of many versions.
 */
import type { APIMessage } from 'discord.js';
import { z } from 'zod';
import { asResource, type Content, type PersonId, personId } from '#bridge';
import { isSnowflake, speakerOf } from '../addresses.ts';
import { noNames } from './names.ts';
import { read } from './read.ts';

const id = z.string().regex(/^\d{1,20}$/);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const user = z.object({
  id,
  name: text,
  nickname: text,
  discriminator: text,
  isBot: z.boolean().nullish(),
});
const attachment = z.object({ url: text, fileName: text, fileSizeBytes: z.number().nonnegative().catch(0) });
const picture = z.object({ url: text, canonicalUrl: text }).nullish();
const embed = z.object({
  title: text,
  url: text,
  description: text,
  author: z.object({ name: text, url: text }).nullish(),
  footer: z.object({ text }).nullish(),
  image: picture,
  thumbnail: picture,
  images: list(picture),
  fields: list(z.object({ name: text, value: text })),
});
const sticker = z.object({ id: text, name: text, format: text });
const reaction = z.object({
  emoji: z.object({ id: text, name: text }),
  users: list(user),
});
const body = { content: text, attachments: list(attachment), embeds: list(embed), stickers: list(sticker) };
const schema = z.object({
  id,
  type: text,
  timestamp: z.string(),
  timestampEdited: text,
  author: user,
  ...body,
  mentions: list(user),
  reactions: list(reaction),
  reference: z.object({ type: text, messageId: text }).nullish(),
  forwardedMessage: z.object(body).nullish(),
  interaction: z.object({ name: text, user }).nullish(),
});
const headSchema = z.object({
  guild: z.object({ name: text }),
  channel: z.object({ id: id.refine(isSnowflake), name: text }),
});

type Written = z.output<typeof schema>;
type User = z.output<typeof user>;

/** What an export begins with. */
export interface ExportHead {
  readonly guild: string;
  readonly channel: string;
  /** The channel's id. */
  readonly id: string;
}

/** undefined: it is no such export. */
export function readExportHead(value: unknown): ExportHead | undefined {
  const { data } = headSchema.safeParse(value);
  return data === undefined ? undefined : { guild: data.guild.name, channel: data.channel.name, id: data.channel.id };
}

/** Somebody's, all of them. */
export interface ExportedReaction {
  readonly by: PersonId;
  readonly nick: string;
  readonly emoji: readonly string[];
}

export interface Exported {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly editedAt?: number;
  readonly by: PersonId;
  readonly nick: string;
  readonly content: Content;
  /** Said by Discord of the author: they joined, they pinned something. */
  readonly isSystem: boolean;
  readonly reactions: readonly ExportedReaction[];
}

/** undefined: it is no message, or damaged. */
export function readExported(value: unknown): Exported | undefined {
  const { data } = schema.safeParse(value);
  if (data === undefined) return undefined;
  const at = Date.parse(data.timestamp);
  if (Number.isNaN(at)) return undefined;
  const editedAt = Date.parse(data.timestampEdited);
  const type = typeOf(data.type);
  const isSystem = type > 0 && type < 19;
  return {
    id: data.id,
    at,
    ...(!Number.isNaN(editedAt) && { editedAt }),
    by: personOf(data.author),
    nick: nickOf(data.author),
    content: read(asMessage(data, isSystem ? 0 : type), noNames),
    isSystem,
    reactions: reactionsOf(data),
  };
}

/** Names of the exporter's for Discord's types; it writes others as numbers. */
const types: Readonly<Record<string, number>> = {
  Default: 0,
  RecipientAdd: 1,
  RecipientRemove: 2,
  Call: 3,
  ChannelNameChange: 4,
  ChannelIconChange: 5,
  ChannelPinnedMessage: 6,
  GuildMemberJoin: 7,
  ThreadCreated: 18,
  Reply: 19,
};

const typeOf = (name: string): number => types[name] ?? (/^\d{1,4}$/.test(name) ? Number(name) : 0);

const nickOf = ({ nickname, name, id: number }: User): string => asResource(nickname) || asResource(name) || number;

/** Webhooks are bots without a discriminator; each of their names is somebody. */
const personOf = ({ id: number, name, isBot, discriminator }: User): PersonId =>
  isBot === true && /^0+$/.test(discriminator) && name !== '' ? speakerOf(number, name) : personId(number);

function reactionsOf({ reactions }: Written): readonly ExportedReaction[] {
  const found = new Map<PersonId, { nick: string; emoji: string[] }>();
  for (const { emoji, users } of reactions) {
    // A guild's own emoji has no sign that others could show (CHECKLIST 444-04).
    if (emoji.id !== '' || emoji.name === '') continue;
    for (const one of users) {
      const by = personOf(one);
      const before = found.get(by);
      if (before === undefined) found.set(by, { nick: nickOf(one), emoji: [emoji.name] });
      else before.emoji.push(emoji.name);
    }
  }
  return Array.from(found, ([by, rest]) => ({ by, ...rest }));
}

const formats: Readonly<Record<string, number>> = { Png: 1, Apng: 2, Lottie: 3, Gif: 4 };

const isRemote = (url: string): boolean => /^https?:\/\//.test(url);

const bodyOf = (written: Pick<Written, keyof typeof body>) => ({
  content: withLocalFiles(written),
  attachments: written.attachments
    .filter(({ url }) => isRemote(url))
    .map(({ url, fileName, fileSizeBytes }) => ({ url, filename: fileName, size: fileSizeBytes })),
  embeds: written.embeds.map(embedOf),
  sticker_items: written.stickers.map(({ id: number, name, format }) => ({
    id: number,
    name,
    format_type: formats[format] ?? 3,
  })),
});

/** Files that were downloaded with the export are beside it, and nowhere else: their names are told. */
function withLocalFiles({ content, attachments }: Pick<Written, 'content' | 'attachments'>): string {
  const local = attachments.filter(({ url }) => !isRemote(url)).map(({ fileName }) => `File: ${fileName}`);
  return [...(content === '' ? [] : [content]), ...local].join('\n');
}

const given = <Name extends string>(name: Name, value: string) =>
  value === '' ? {} : ({ [name]: value } as { readonly [K in Name]: string });

const urlOf = (one: z.output<typeof picture>): string =>
  [one?.canonicalUrl, one?.url].find((url) => url !== undefined && isRemote(url)) ?? '';

function embedOf({
  title,
  url,
  description,
  author,
  footer,
  fields,
  image,
  images,
  thumbnail,
}: z.output<typeof embed>) {
  const shown = [image, ...images, thumbnail].map(urlOf).find((one) => one !== '');
  return {
    ...given('title', title),
    ...given('url', url),
    ...given('description', description),
    ...(author && { author: { name: author.name, ...given('url', author.url) } }),
    ...(footer && { footer }),
    ...(shown !== undefined && { image: { url: shown } }),
    fields,
  };
}

const userOf = ({ id: number, name, nickname }: User) => ({
  id: number,
  username: name,
  global_name: nickname === '' ? null : nickname,
});

/** In the form of Discord's own API, as far as reading looks at it. */
function asMessage(written: Written, type: number): APIMessage {
  const { reference, forwardedMessage, interaction } = written;
  const isForward = reference?.type === 'Forward' || forwardedMessage != null;
  const message: object = {
    id: written.id,
    type: reference?.messageId && !isForward && type === 0 ? 19 : type,
    author: userOf(written.author),
    timestamp: written.timestamp,
    mentions: written.mentions.map(userOf),
    ...bodyOf(written),
    ...(reference?.messageId && { message_reference: { type: isForward ? 1 : 0, message_id: reference.messageId } }),
    ...(forwardedMessage && { message_snapshots: [{ message: { ...bodyOf(forwardedMessage), mentions: [] } }] }),
    ...(interaction && { interaction: { name: interaction.name, user: userOf(interaction.user) } }),
  };
  return message as APIMessage;
}
