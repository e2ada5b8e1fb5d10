/** What a message shows as in XMPP: its body, its formatting, its thread, what it answers and its files. */
import type { Content, RichText } from '../../core/content.ts';
import { rememberingLast } from '../../core/remembered.ts';
import { legal } from '../../xml/escape.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import { actionBody } from '../../xmpp/xep/0245-me.ts';
import { counting } from '../../xmpp/xep/0426-character-counting.ts';
import { fallback } from '../../xmpp/xep/0428-fallback.ts';
import { REPLIES, replyTo } from '../../xmpp/xep/0461-replies.ts';
import type { Answered } from './answered.ts';
import { writeFiles } from './files.ts';
import { asLegal } from './legal.ts';
import { type AddressOf, writeMentions } from './mentions.ts';
import { shifted } from './read-marks.ts';
import { hidden, hidesFiles, withSigns, writeSpoiler } from './spoilers.ts';
import { writeMarks } from './write-marks.ts';

/** The text that clients show: "/me" for actions (XEP-0245), signs around spoilers, addresses of files behind it. */
export function textOfContent({ text, files, action }: Content<unknown>): string {
  const plain = text === undefined ? '' : shownAs(asLegal(text), action).plain;
  if (files === undefined || files.length === 0) return plain;
  const urls = files.map((file) => file.url).join('\n');
  return plain === '' ? urls : `${plain}\n${urls}`;
}

/** The formatting of what `textOfContent` says, and whom it names. @param quote what the body has in front of it */
function marksOf(
  { text, action, files }: Content<unknown>,
  body: string,
  quote: string,
  addressOf: AddressOf | undefined,
): Xml | undefined {
  if (text === undefined) return undefined;
  const said = asLegal(text);
  const shown = shownAs(said, action);
  const marks = writeMarks(shown, body, quote.length);
  // Most messages: nothing else is asked of them.
  if (text.marks.length === 0) return marks;
  const mentions = addressOf === undefined ? empty : writeMentions(shown, body, quote.length, addressOf);
  const isAlone = action !== true && files === undefined;
  return xml`${marks}${mentions}${isAlone ? writeSpoiler(said, shown, counting(quote).length) : empty}`;
}

const shownAs = (text: RichText, action: boolean | undefined): RichText =>
  action === true ? asAction(withSigns(text)) : withSigns(text);

function asAction(text: RichText): RichText {
  const plain = actionBody(text.plain);
  return { plain, marks: shifted(text.marks, plain.length - text.plain.length) };
}

/** `<body/>` and what else the content shows as; undefined where there is nothing to show. @param addressOf of whom it names; absent: nobody */
export const bodyOf = (content: Content<unknown>, answered?: Answered, addressOf?: AddressOf): Xml | undefined =>
  answered === undefined && addressOf === undefined ? plainBodyOf(content) : writeBody(content, answered, addressOf);

/** Of what answers nothing and names nobody, which is the same for all who hear it. */
const plainBodyOf = rememberingLast((content: Content<unknown>) => writeBody(content, undefined, undefined));

function writeBody(
  content: Content<unknown>,
  answered: Answered | undefined,
  addressOf: AddressOf | undefined,
): Xml | undefined {
  const text = textOfContent(content);
  if (text === '') return undefined;
  const quote = answered === undefined ? '' : legal(answered.quote);
  const quoted = quote === '' ? 0 : counting(quote).length;
  const marks = marksOf(content, quote + text, quote, addressOf);
  if (content.files === undefined && content.thread === undefined && answered === undefined)
    return xml`<body>${text}</body>${marks}`;
  const thread = content.thread === undefined ? undefined : xml`<thread>${content.thread}</thread>`;
  const urls = writeFiles(content.files ?? [], content.text === undefined && quoted === 0);
  const reply = answered === undefined ? empty : replyElements(answered, quoted);
  const hides = hidesFiles(content) && quoted === 0 ? hidden : empty;
  return xml`<body>${quote}${text}</body>${marks}${thread}${reply}${hides}${urls}`;
}

function replyElements({ id, to }: Answered, quoted: number): Xml {
  const reply = replyTo.write(to === undefined ? { id } : { id, to });
  if (quoted === 0) return reply;
  return xml`${reply}${fallback.write({ for: REPLIES, bodies: [{ start: 0, end: quoted }], subjects: [] })}`;
}
