/** A message of several lines as one batch (IRCv3 draft/multiline), where the server takes it and it fits what the server names as its limits. */
import type { RichText } from '#bridge';
import type { Core } from './core.ts';
import { tagged } from './message-caps.ts';
import { written } from './texts.ts';
import { compose, composeWithin, maxLineBytes } from './wire/compose.ts';
import { split } from './wire/split.ts';

type Tags = readonly (readonly [string, string])[];

export interface MultilineLimits {
  readonly maxBytes: number;
  readonly maxLines: number;
}

/** Our own limits where the server names none: what fits a screen or two. */
const usualLines = 100;

/** From the capability's value ("max-bytes=4096,max-lines=24"); undefined: it is not in force. */
export function multilineLimits({ link }: Pick<Core, 'link'>): MultilineLimits | undefined {
  if (link?.has('draft/multiline') !== true || !link.has('batch') || !link.has('message-tags')) return undefined;
  const values = new Map<string, number>();
  for (const pair of (link.value('draft/multiline') ?? '').split(',')) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (/^[0-9]{1,9}$/.test(value)) values.set(name, Number(value));
  }
  const maxBytes = values.get('max-bytes');
  return maxBytes === undefined ? undefined : { maxBytes, maxLines: values.get('max-lines') ?? usualLines };
}

/** A line of the batch. */
export interface Piece {
  readonly text: string;
  /** It goes on with the line before. */
  readonly concat: boolean;
}

/** The lines of the batch; undefined: it is no message of several lines, or does not fit. @param bytes what fits one line */
export function pieces(
  text: RichText,
  formats: boolean,
  bytes: number,
  { maxBytes, maxLines }: MultilineLimits,
): readonly Piece[] | undefined {
  const found: Piece[] = [];
  for (const line of withoutBorder(written(text, formats)).split(/\r\n|\n|\r/)) {
    for (const [at, part] of split(line, bytes, false).entries()) found.push({ text: part, concat: at > 0 });
  }
  if (found.length < 2 || found.length > maxLines) return undefined;
  const total = found.reduce((sum, { text: one, concat }) => sum + Buffer.byteLength(one) + (concat ? 0 : 1), -1);
  return total > maxBytes ? undefined : found;
}

/** Without the empty lines before it and behind it. No pattern: one that looks for the last goes through each of many others in the midst to its end. */
function withoutBorder(text: string): string {
  let [from, to] = [0, text.length];
  while (text[from] === '\n') from++;
  while (to > from && text[to - 1] === '\n') to--;
  return text.slice(from, to);
}

/** All lines of the batch as one thing to write: nothing of ours comes between them, and half of them are never sent. @param bytes what a line may hold */
export function batchText(
  ref: string,
  target: string,
  lines: readonly Piece[],
  tags: Tags,
  bytes = maxLineBytes,
): string {
  const all = [tagged(tags, compose('BATCH', `+${ref}`, 'draft/multiline', target))];
  for (const { text, concat } of lines) {
    const within: Tags = [['batch', ref], ...(concat ? ([['draft/multiline-concat', '']] as const) : [])];
    all.push(tagged(within, composeWithin(bytes, 'PRIVMSG', target, text)));
  }
  all.push(compose('BATCH', `-${ref}`));
  return all.join('\r\n');
}
