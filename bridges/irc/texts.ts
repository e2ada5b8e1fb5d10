/** A message as the texts of its IRC lines: "/me" as ACTION, a line each, formatting written, cut to what the server passes on whole. */
import { type Content, GatewayError, type Mark, plainText, type RichText } from '#bridge';
import { fileText } from './file-text.ts';
import { actionBytes, writeCtcp } from './wire/ctcp.ts';
import { writeFormat } from './wire/format.ts';
import { lines, split } from './wire/split.ts';

export const maxTextBytes = 16_384;
const me = '/me ';
const more = ' …';

export interface TextOptions {
  /** What fits one line, UTF-8. */
  readonly bytes: number;
  /** The channel takes formatting codes. */
  readonly formats: boolean;
}

/** The texts of the PRIVMSGs that a message becomes. Throws where it becomes none or is too long. */
export function messageTexts(content: Content, options: TextOptions): readonly string[] {
  if (isOverlong(content)) {
    throw new GatewayError('message-too-long', { text: `IRC messages are at most ${maxTextBytes} bytes long here.` });
  }
  const texts = textsOf(content, options);
  if (texts.length === 0) throw new GatewayError('bad-request', { text: 'There is nothing in this message to send.' });
  return texts;
}

/** Is it longer than what is ever taken? */
export const isOverlong = ({ text }: Content): boolean =>
  text !== undefined && text.plain.length * 3 > maxTextBytes && Buffer.byteLength(text.plain) > maxTextBytes;

/** The same, however many and however long. */
export function textsOf(content: Content, { bytes, formats }: TextOptions): readonly string[] {
  const line = oneLine(content, bytes);
  if (line !== undefined) return [line];
  const { text: said, action } = spoken(content);
  const files = content.files ?? [];
  // A body that is only a file's address is there for clients that know no files.
  const text = files.some(({ url }) => url === said.plain.trim()) ? plainText('') : said;
  const texts: string[] = [];
  for (const [index, line] of lines(written(text, formats)).entries()) {
    const acted = action && index === 0;
    // A CTCP would be taken for a command by whoever reads it; only "/me" makes one.
    const parts = split(line, acted ? bytes - actionBytes : bytes);
    for (const part of parts) texts.push(acted ? writeCtcp('ACTION', part) : part);
  }
  for (const file of files) {
    if (!text.plain.includes(file.url)) texts.push(...split(fileText(file), bytes));
  }
  return texts;
}

const special = /[\0-\x1f\x7f]/;

/** What most messages are: a line without marks or controls, not "/me", that fits. */
function oneLine({ text, action, files }: Content, bytes: number): string | undefined {
  if (text === undefined || text.marks.length > 0 || action === true || files !== undefined) return undefined;
  const { plain } = text;
  const isOne = plain !== '' && plain.length * 3 <= bytes && !special.test(plain) && !plain.startsWith(me);
  return isOne ? plain : undefined;
}

/** The first so many lines without formatting, cut to what fits one line together, and the sign that there is more. */
export function beginning({ text = plainText('') }: Content, count: number, bytes: number): string {
  const first = lines(written(text, false)).slice(0, count).join('\n');
  const [fits = ''] = split(first, bytes - actionBytes - Buffer.byteLength(more));
  return fits === '' ? '' : `${fits.trimEnd()}${more}`;
}

/** Its codes, or (where the channel refuses those) the text alone, which has lost nothing but its looks. */
export const written = (text: RichText, formats: boolean): string =>
  writeFormat(unfenced(formats ? text : { ...text, marks: text.marks.filter(({ is }) => is === 'block') }, formats));

/** The text without its "/me", which XEP-0245 has clients write out. */
export function spoken(content: Content): { readonly text: RichText; readonly action: boolean } {
  const given = content.text ?? plainText('');
  // A lone CR is a line's end too; of the same length, so that the marks hold.
  const text = given.plain.includes('\r') ? { ...given, plain: given.plain.replace(/\r(?!\n)/g, '\n') } : given;
  if (!text.plain.startsWith(me)) return { text, action: content.action === true };
  const from = me.length;
  const marks = text.marks.map((mark) => ({ ...mark, from: Math.max(0, mark.from - from), to: mark.to - from }));
  return { text: { plain: text.plain.slice(from), marks }, action: true };
}

const fence = '```';

/** Blocks of code lose the lines with the three accents, which would be lines of their own on IRC, and are shown as code. */
function unfenced({ plain, marks }: RichText, formats: boolean): RichText {
  const gone: { from: number; to: number }[] = [];
  const kept: Mark[] = [];
  for (const mark of marks) {
    if (mark.is !== 'block') {
      kept.push(mark);
      continue;
    }
    const first = plain.startsWith(fence, mark.from) ? plain.indexOf('\n', mark.from) : -1;
    const last = plain.lastIndexOf('\n', mark.to - 1);
    const hasFences = first >= 0 && first < mark.to;
    const from = hasFences ? first + 1 : mark.from;
    const to = hasFences && last > first && plain.slice(last + 1, mark.to) === fence ? last : mark.to;
    if (hasFences) gone.push({ from: mark.from, to: from });
    if (to < mark.to) gone.push({ from: to, to: mark.to });
    if (formats && from < to) kept.push({ from, to, is: 'code' });
  }
  return gone.length === 0 ? { plain, marks: kept } : without({ plain, marks: kept }, gone);
}

/** @param gone in order, apart from each other */
function without(
  { plain, marks }: RichText,
  gone: readonly { readonly from: number; readonly to: number }[],
): RichText {
  const moved = (at: number): number => {
    let less = 0;
    for (const { from, to } of gone) less += Math.max(0, Math.min(at, to) - from);
    return at - less;
  };
  let rest = '';
  let at = 0;
  for (const { from, to } of gone) {
    rest += plain.slice(at, from);
    at = to;
  }
  return {
    plain: rest + plain.slice(at),
    marks: marks.map((mark) => ({ ...mark, from: moved(mark.from), to: moved(mark.to) })),
  };
}
