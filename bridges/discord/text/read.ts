/** A message of Discord's as Content: its text, and whatever else it shows in words or as files. */
import type { APIMessage, APIMessageSnapshotFields } from 'discord.js';
import { type Content, type FileLink, messageId, plainText, type RichText } from '#bridge';
import { readAlert } from './automod.ts';
import { readComponents } from './components.ts';
import { readEmbeds } from './embeds.ts';
import { aboutAttachment, descriptionOf, readAttachments, readStickers } from './files.ts';
import { readMarkdown } from './markdown/blocks.ts';
import { joined, quoted } from './markdown/pieces.ts';
import type { Names } from './names.ts';
import { readPoll } from './polls.ts';
import { nothing, readTexts, type Section, sectionOf } from './reading.ts';
import { sorted } from './rich.ts';
import { isSystem, nameOf, systemText } from './system.ts';

/** What is said in it, forwarded or not. */
type Body = Pick<APIMessage, 'content'> &
  Partial<Pick<APIMessage, 'embeds' | 'attachments' | 'sticker_items' | 'components'>>;

const forward = 1;
const isReply = ({ type }: APIMessage): boolean => (type as number) === 19;

/** A message of which files are told apart. */
export interface Apart {
  /** What stands for the message itself. */
  readonly content: Content;
  /** What comes behind it, each by itself. */
  readonly files: readonly FileLink[];
}

/** All in one. `names` are asked first; whom they don't know the message may name itself. */
export function read(message: APIMessage, names: Names): Content {
  const known = withMentions(names, message);
  const action = actionIn(message, known);
  return contentOf(
    message,
    known,
    action === undefined ? onlyFileIn(message, known) : { texts: [action], files: [] },
    action,
  );
}

/** The same where what is shared is told apart, so that each file is alone in its message: attachments and stickers, not the pictures of embeds. */
export function readApart(message: APIMessage, names: Names): Apart {
  const known = withMentions(names, message);
  const { shared = [], ...said } = sectionsOf(message, known, true);
  const [first, ...others] = shared;
  const saysNothing = said.texts.length === 0 && said.files.length === 0;
  if (first === undefined || (saysNothing && others.length === 0)) return { content: read(message, names), files: [] };
  return saysNothing
    ? { content: contentOf(message, known, { texts: [], files: [first] }), files: others }
    : { content: contentOf(message, known, said), files: shared };
}

function contentOf(message: APIMessage, names: Names, { texts, files }: Section, action?: RichText): Content {
  const { message_reference: reference } = message;
  const target = isReply(message) && reference?.type !== forward ? reference?.message_id : undefined;
  return {
    ...(texts.length > 0 && { text: sorted(joined(texts)) }),
    ...(files.length > 0 && { files }),
    ...(target !== undefined && { replyTo: { id: messageId(target), part: 0 }, ...quotedIn(message, names) }),
    ...(action !== undefined && { action: true }),
  };
}

const quotedAtMost = 200;

/** The beginning of what it answers, which comes with it. */
function quotedIn({ referenced_message: about }: APIMessage, names: Names): Pick<Content, 'quoted'> {
  if (about === undefined || about === null) return {};
  const { plain } = joined(readTexts(about.content?.slice(0, 2 * quotedAtMost), names));
  const [file] = about.attachments ?? [];
  const points = Array.from(plain.trim() === '' ? (file?.filename ?? '') : plain.trim());
  if (points.length === 0) return {};
  const text = points.length <= quotedAtMost ? points : [...points.slice(0, quotedAtMost), '…'];
  return { quoted: { nick: nameOf(about.author, names), text: text.join('').toWellFormed() } };
}

/** Who is mentioned is named in the message; so is a channel of another guild. */
function withMentions(names: Names, message: APIMessage): Names {
  const people = new Map<string, string>();
  const snapshots = message.message_snapshots?.flatMap(({ message: { mentions } }) => mentions ?? []) ?? [];
  for (const user of [...(message.mentions ?? []), ...snapshots])
    people.set(user.id, user.global_name ?? user.username);
  const rooms = new Map(message.mention_channels?.map(({ id, name }) => [id, name]));
  return {
    ...names,
    person: (id) => names.person(id) ?? people.get(id),
    room: (id) => names.room(id) ?? rooms.get(id),
  };
}

/** "/me" is written `_so_` by Discord's clients, and nothing else is in such a message. */
function actionIn({ type, content = '', attachments, embeds }: APIMessage, names: Names): RichText | undefined {
  const isAlone = (type as number) === 0 && (attachments ?? []).length === 0 && (embeds ?? []).length === 0;
  if (!isAlone || content.length < 3 || !content.startsWith('_') || !content.endsWith('_')) return undefined;
  const { plain, marks } = readMarkdown(content, names);
  const isAll = marks.some(({ is, from, to }) => is === 'emphasis' && from === 0 && to === plain.length);
  const inside = readMarkdown(content.slice(1, -1), names);
  return isAll && inside.plain === plain ? inside : undefined;
}

/** What a picture shows, or how long a voice message is, is part of it where there is nothing else: clients show, or play, it for the address. Where there is, it is said in words. */
function onlyFileIn(message: APIMessage, names: Names): Section {
  const all = sectionsOf(message, names);
  const [attachment, ...more] = message.attachments ?? [];
  const about = attachment === undefined || more.length > 0 ? undefined : descriptionOf(attachment);
  const [file, ...others] = all.files;
  const lines = attachment === undefined ? 0 : aboutAttachment(attachment).length;
  const isOnly =
    about !== undefined && file?.url === attachment?.url && others.length === 0 && all.texts.length === lines;
  return isOnly && file !== undefined ? { texts: [], files: [{ ...file, description: about }] } : all;
}

function sectionsOf(message: APIMessage, names: Names, isApart = false): Section {
  if ((message.type as number) === 24) return readAlert(message, nameOf(message.author, names), names);
  if (isSystem(message)) {
    const said = systemText(message, names);
    if (said !== undefined) return { texts: [said], files: [] };
  }
  return sectionOf([
    commandOf(message, names),
    bodyOf(message, names, isApart),
    starterOf(message, names, isApart),
    invitationIn(message),
    themeIn(message),
    ...forwarded(message, names, isApart),
    readPoll(message.poll),
  ]);
}

/** What a bot answers to, where it was a command. */
function commandOf({ interaction }: APIMessage, names: Names): Section {
  if (interaction === undefined) return nothing;
  const { name, user } = interaction;
  return { texts: [plainText(`${nameOf(user, names)} used /${name}`)], files: [] };
}

function bodyOf(body: Body, names: Names, isApart: boolean): Section {
  // Compatible servers leave out what is empty.
  const { content = '', embeds, attachments, sticker_items: stickers, components } = body;
  const texts = readTexts(content, names);
  return sectionOf([
    { texts, files: [] },
    readAttachments(attachments, isApart),
    readStickers(stickers, isApart),
    ...readEmbeds(embeds, content, names),
    readComponents(components, names),
  ]);
}

/** By the API reference, "Message Activity Types". */
const invitations: Readonly<Record<number, string>> = {
  1: 'Invitation to join in',
  2: 'Invitation to watch',
  3: 'Invitation to listen along',
  5: 'Asks to join in',
  6: 'Asks for a stream',
};

/** A game, or music, into which others are asked by a button on Discord: nothing else is in such a message. */
function invitationIn({ activity, application }: APIMessage): Section {
  const said = activity === undefined ? undefined : invitations[activity.type];
  if (said === undefined) return nothing;
  const name = application?.name ?? '';
  return { texts: [plainText(name === '' ? said : `${said}: ${name}`)], files: [] };
}

/** Colours for Discord itself, which others try on by a button there: nothing else is in such a message. */
const themeIn = ({ shared_client_theme: theme }: APIMessage): Section =>
  theme === undefined ? nothing : { texts: [plainText('Shares a colour theme for Discord')], files: [] };

/** A thread begins with the message that it is about. */
function starterOf(message: APIMessage, names: Names, isApart: boolean): Section {
  const about = (message.type as number) === 21 ? message.referenced_message : undefined;
  return about === undefined || about === null
    ? nothing
    : framed(`${nameOf(about.author, names)}:`, bodyOf(about, names, isApart));
}

const forwarded = ({ message_snapshots: snapshots }: APIMessage, names: Names, isApart: boolean): readonly Section[] =>
  (snapshots ?? [])
    .slice(0, 5)
    .map(({ message }) => framed('Forwarded:', bodyOf(bodyOfSnapshot(message), names, isApart)));

const bodyOfSnapshot = (message: APIMessageSnapshotFields): Body => message;

/** Quoted, with a word in front of it. */
function framed(title: string, { texts, ...files }: Section): Section {
  return { texts: [plainText(title), ...(texts.length === 0 ? [] : [quoted(joined(texts))])], ...files };
}
