/**
 * Files that are shared with words, or several at once, are told as messages of their own behind what is said: clients show a picture only where nothing else is in its message
 * (CHECKLIST 066-01, 447-02; src/design/files-apart.md). Their names are the message's with a number behind it.
 */
import type { APIMessage } from 'discord.js';
import { type Content, type FileLink, type MessageEvent, type MessageRef, messageId } from '#bridge';
import type { Recent } from './recent.ts';
import type { Apart } from './text/index.ts';

/** How a message was told. */
export interface Told {
  /** The file that stands for the message itself, by its address without what changes in it; undefined: it says something. */
  readonly first: string | undefined;
  /** The others, in their order. */
  readonly files: readonly string[];
}

const whole: Told = { first: undefined, files: [] };
/** As many files as a message of Discord's has, with words. */
const atMost = 10;

/** Discord signs its addresses anew. */
const nameOf = ({ url }: FileLink): string => url.replace(/\?.*/s, '');

const idOfFile = (id: string, at: number): string => `${id}/${at + 1}`;

/** As the network's name of a message. */
export const refOf = (id: string): MessageRef => ({ id: messageId(id), part: 0 });

/** The message on Discord that has it. */
export function snowflakeOf({ id }: MessageRef): string {
  const end = id.indexOf('/');
  return end < 0 ? id : id.slice(0, end);
}

/** That message is told in one piece, whatever is in it. */
export const keepWhole = (recent: Recent, id: string): void => recent.told.put(id, whole);

/** A message and its files, one behind the other. @param event the message, without them */
export function toldApart(
  recent: Recent,
  event: MessageEvent,
  { content, files }: Pick<Apart, 'content' | 'files'>,
): readonly MessageEvent[] {
  const [first] = content.text === undefined ? (content.files ?? []) : [];
  recent.told.put(event.ref.id, { first: first && nameOf(first), files: files.map(nameOf) });
  const behind = files.map(
    (file, at): MessageEvent => ({
      ...event,
      // The archive has what was said in one moment in no order.
      at: new Date(event.at.getTime() + at + 1),
      ref: refOf(idOfFile(event.ref.id, at)),
      content: { files: [file] },
    }),
  );
  return [event, ...behind];
}

/** What is left of the message itself (undefined: nothing), and which of what was told apart is gone. */
export interface Change {
  readonly content: Content | undefined;
  readonly gone: readonly MessageRef[];
}

/** A message was changed. @param all what it is now, in one piece */
export function changeOf(recent: Recent, { id }: Pick<APIMessage, 'id'>, all: Content, now: Apart): Change {
  const told = recent.told.get(id);
  // Nobody knows how: most likely as it would be now.
  if (told === undefined) return { content: now.content, gone: [] };
  if (told.files.length === 0) return { content: all, gone: [] };
  const there = new Set((all.files ?? []).map(nameOf));
  const gone = told.files.flatMap((name, at) => (there.has(name) ? [] : [refOf(idOfFile(id, at))]));
  const files = (all.files ?? []).filter((file) => !told.files.includes(nameOf(file)));
  const { files: _, ...said } = now.content;
  const content: Content = files.length === 0 ? said : { ...said, files };
  return { content: content.text === undefined && files.length === 0 ? undefined : content, gone };
}

/** All by which a message may have been told, the message first. */
export function refsOf(recent: Recent, id: string): readonly MessageRef[] {
  const { length } = recent.told.get(id)?.files ?? { length: atMost };
  return [refOf(id), ...Array.from({ length }, (_, at) => refOf(idOfFile(id, at)))];
}
