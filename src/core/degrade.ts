/**
 * What a network gets where it can't edit, reply or react: words that its people recognise and that can't be taken for something else. A pure table; why
 * these words and not others: src/design/what-networks-lack.md.
 */
import type { Content, Mark, Quoted, RichText } from './content.ts';
import { plainText } from './content.ts';

const quotedAtMost = 60;

/** Its first line between quotation marks, cut short. */
export function quote(text: string): string {
  const [first = ''] = text.split('\n', 1);
  const points = Array.from(first.trim());
  return points.length <= quotedAtMost
    ? `“${points.join('')}”`
    : `“${points.slice(0, quotedAtMost).join('').trimEnd()}…”`;
}

/** The same text behind other words. */
function behind(before: string, { plain, marks }: RichText): RichText {
  const by = before.length;
  const moved = marks.map((mark): Mark => ({ ...mark, from: mark.from + by, to: mark.to + by }));
  return { plain: before + plain, marks: moved };
}

/** `[edited] new text`; with the beginning of the old one where it was not the last thing that we said. */
export function editInWords<Ref>({ text, action, ...rest }: Content<Ref>, old: Quoted | undefined): Content<Ref> {
  const mark = old === undefined ? '[edited] ' : `[edited ${quote(old.text)}] `;
  const said = text ?? plainText('');
  return { ...rest, text: behind(mark, action === true ? behind('/me ', said) : said) };
}

/** `nick: text`, as people answer each other there; not where the text names them first anyway. */
export function replyInWords<Ref>(content: Content<Ref>, nick: string): Content<never> {
  const { replyTo, ...rest } = content;
  const { text } = rest;
  if (text === undefined || rest.action === true || names(text.plain, nick)) return rest;
  return { ...rest, text: behind(`${nick}: `, text) };
}

const names = (text: string, nick: string): boolean => {
  const from = text.startsWith('@') ? 1 : 0;
  const to = from + nick.length;
  return text.slice(from, to).toLowerCase() === nick.toLowerCase() && !/^[\p{L}\p{N}_]/u.test(text.slice(to));
};

/** A reply to something that nobody remembers: with what its client quoted (CHECKLIST 461-03). */
export function quotedInWords<Ref>(content: Content<Ref>, quotation: string): Content<never> {
  const { replyTo, quoted, ...rest } = content;
  return rest.text === undefined ? rest : { ...rest, text: behind(quotation, rest.text) };
}

/** "/me reacted with 👍 to nick: “start…”". */
export function reactionInWords(emoji: readonly string[], { nick, text }: Quoted, isDirect: boolean): Content<never> {
  const whose = isDirect ? '' : `${nick}: `;
  return { text: plainText(`reacted with ${emoji.join(' ')} to ${whose}${quote(text)}`), action: true };
}
