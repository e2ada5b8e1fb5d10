/** A content as messages of Discord's: their texts, whom they ring, and which files are attached to which. */
import type { ChatId, Content, FileLink } from '#bridge';
import { channelOf } from './addresses.ts';
import { snowflakeOf } from './apart.ts';
import { type Core, placeOf } from './core.ts';
import { namesIn } from './naming.ts';
import { longestMessage, nobodyRings, noNames, type Part as Text, write } from './text/index.ts';

/** One message to be. */
export interface Part {
  readonly text: string;
  readonly rings: Text['allowed_mentions'];
  /** Attached to it. */
  readonly files: readonly FileLink[];
}

const nothing: ReadonlySet<FileLink> = new Set();
const noFiles: readonly FileLink[] = [];

/** By the API reference, "Create Message". */
const filesOfOne = 10;

/** @param attached files that go along; all others are said by their addresses */
export function partsOf(
  core: Core,
  chat: ChatId,
  content: Content,
  attached: ReadonlySet<FileLink> = nothing,
): readonly Part[] {
  const { files = [], ...rest } = content;
  const going = files.filter((file) => attached.has(file));
  const said = files.filter((file) => !attached.has(file));
  const texts = textsOf(core, chat, { ...rest, ...(said.length > 0 && { files: said }) }, going.length > 0);
  const parts = texts.map(partOf);
  const last = parts.pop();
  if (last === undefined || going.length === 0) return texts.map(partOf);
  parts.push({ ...last, files: going.slice(0, filesOfOne) });
  for (let from = filesOfOne; from < going.length; from += filesOfOne)
    parts.push({ text: '', rings: nobodyRings, files: going.slice(from, from + filesOfOne) });
  return parts;
}

/** The same part where those files can't be attached: their addresses stand below its text. */
export function withoutFiles(part: Part, refused: ReadonlySet<FileLink>): readonly Part[] {
  const files = part.files.filter((file) => !refused.has(file));
  const said = write({ files: part.files.filter((file) => refused.has(file)) }, noNames).map(partOf);
  const [first, ...more] = said;
  if (first === undefined) return [part];
  const text = part.text === '' ? first.text : `${part.text}\n${first.text}`;
  if ([...text].length <= longestMessage) return [{ ...part, text, files }, ...more];
  return [{ ...part, files }, ...said];
}

const partOf = ({ content, allowed_mentions }: Text): Part => ({
  text: content,
  rings: allowed_mentions,
  files: noFiles,
});

/** @param mayBeNone files alone are a message too */
function textsOf(core: Core, chat: ChatId, content: Content, mayBeNone: boolean): readonly Text[] {
  const place = placeOf(core, channelOf(chat) ?? '');
  const names = namesIn(core, place?.guild, place?.channel);
  const written = (limit: number): readonly Text[] => {
    const texts = write(content, names, limit);
    return texts.length === 0 && mayBeNone ? [{ content: '', allowed_mentions: nobodyRings }] : texts;
  };
  if (content.author === undefined || content.replyTo === undefined || place === undefined)
    return written(longestMessage);
  return pointing(`${place.guild.id}/${place.channel.id}/${snowflakeOf(content.replyTo)}`, written);
}

/** Webhooks can't answer: a small line in front leads to what is answered. */
function pointing(place: string, writeIn: (limit: number) => readonly Text[]): readonly Text[] {
  const line = `-# [↪](https://discord.com/channels/${place})\n`;
  return writeIn(longestMessage - line.length).map((one, part) =>
    part === 0 ? { ...one, content: line + one.content } : one,
  );
}
