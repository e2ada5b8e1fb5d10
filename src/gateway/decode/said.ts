/** What a message says: its body without what stands there for other clients only, as content. */
import { type Content, type Mark, plainText } from '../../core/content.ts';
import type { StanzaRef } from '../../core/ids.ts';
import type { Element } from '../../xml/element.ts';
import { child, children, childText } from '../../xml/query.ts';
import { actionOf } from '../../xmpp/xep/0245-me.ts';
import { withoutOffer } from '../../xmpp/xep/0380-encryption.ts';
import { SPOILERS, spoiler } from '../../xmpp/xep/0382-spoilers.ts';
import { counting } from '../../xmpp/xep/0426-character-counting.ts';
import { FALLBACK, type Fallback, fallback, rangesOf, without } from '../../xmpp/xep/0428-fallback.ts';
import { REPLIES, type ReplyTo, replyTo } from '../../xmpp/xep/0461-replies.ts';
import { filesIn, isStandIn, sharing } from '../text/files.ts';
import { readMentions } from '../text/mentions.ts';
import { type Cut, readMarks, shifted } from '../text/read-marks.ts';
import { hiddenBy, hintIn } from '../text/spoilers.ts';

/** The longest body taken at all, in octets. */
const longestBody = 64 * 1024;

export const isTooLong = (body: string): boolean =>
  body.length > longestBody || (body.length * 3 > longestBody && Buffer.byteLength(body) > longestBody);

/** Bodies that stand in for a retraction or a reaction are no text for anybody (CHECKLIST 428-02). */
const translated: ReadonlySet<string> = new Set([
  'urn:xmpp:message-retract:1',
  'urn:xmpp:message-retract:0',
  'urn:xmpp:reactions:0',
]);

/** What a message says, and what was taken out of its body for it. */
interface Said extends Cut {
  readonly text: string;
  /** What it answers, with the quotation that stood in front for clients that know no replies. */
  readonly reply: ReplyTo | undefined;
  readonly quotation?: string;
}

const asItIs: Cut['moved'] = (points) => points;

/** The text meant for people; '' where the message has none. @param shares it shares files, whose fallback is then no text */
function saidIn(message: Element, shares: boolean): Said {
  const body = withoutOffer(childText(message, 'body') ?? '');
  const reply = replyTo.in(message);
  if (child(message, 'fallback', FALLBACK) === undefined) return { body, text: body, moved: asItIs, reply };
  const fallbacks = children(message, 'fallback', FALLBACK)
    .map(fallback.read)
    .filter((mark): mark is Fallback => mark !== undefined);
  const quotation = reply === undefined ? '' : quotationIn(body, fallbacks);
  const hides = spoiler.has(message);
  const known = [
    ...translated,
    ...(quotation === '' ? [] : [REPLIES]),
    ...(shares ? sharing : []),
    ...(hides ? [SPOILERS] : []),
  ];
  const { rest, moved } = without(body, rangesOf(fallbacks, new Set(known)));
  return { body, text: rest, moved, reply, quotation };
}

/** What stands at the head of the body for the message that is answered; '' where it stands elsewhere, and so stays in the text. */
function quotationIn(body: string, fallbacks: readonly Fallback[]): string {
  const [range, ...more] = fallbacks.filter((one) => one.for === REPLIES).flatMap(({ bodies }) => bodies);
  if (range === undefined || more.length > 0 || (range.start ?? 0) !== 0 || !((range.end ?? 0) > 0)) return '';
  const quotation = body.slice(0, counting(body).units(range.end ?? 0));
  return quotation.length < body.length ? quotation : '';
}

/** The text as it was typed, for whoever reads commands; undefined: none. */
export const lineIn = (message: Element): string | undefined => saidIn(message, false).text || undefined;

/** Its reference is resolved when it is tried. @param room where it is said; the occupant's nick is then in the reference */
function answeredBy({ id, to }: ReplyTo, quotation: string, room: string | undefined): StanzaRef {
  const nick = room !== undefined && to?.startsWith(`${room}/`) === true ? to.slice(room.length + 1) : '';
  return {
    stanzaId: id,
    ...(quotation !== '' && { fallback: quotation }),
    ...(nick !== '' && { nick }),
  };
}

/** What stands above the text, on one line (MSG-06): no network has a field for it, and words are not lost. '' where there is none, or it is there for other clients only. */
function headIn(message: Element): string {
  const subject = childText(message, 'subject');
  if (subject === undefined) return '';
  const marks = children(message, 'fallback', FALLBACK).map(fallback.read);
  return marks.some((mark) => (mark?.subjects.length ?? 0) > 0) ? '' : subject.replace(/\s+/g, ' ').trim();
}

/** What a message says and shares; undefined: nothing. "/me " is an action (XEP-0245). @param room the room's JID, where it is said in one */
export function contentOf(message: Element, room?: string): Content<StanzaRef> | undefined {
  if (isStandIn(message)) return undefined;
  const files = filesIn(message);
  const said = saidIn(message, files.length > 0);
  if (said.text === '' && files.length === 0) return undefined;
  const content: Writable<Content<StanzaRef>> = {};
  const head = headIn(message);
  // A body that is only a file's address is there for clients that know no files (447-10).
  if (said.text !== '' && !files.some(({ url }) => url === said.text.trim())) {
    const action = actionOf(said.text);
    const above = head === '' || action !== undefined ? '' : `${head}\n`;
    const plain = above + (action ?? said.text);
    const mentions = readMentions(message, said.text, said, room);
    const formatting = readMarks(message, said.text, said);
    const all = mentions.length === 0 ? formatting : [...mentions, ...formatting];
    const below = shifted(all, plain.length - said.text.length);
    const marks: readonly Mark[] = above === '' ? below : [{ is: 'strong', from: 0, to: head.length }, ...below];
    content.text = hiddenBy(message, { plain, marks }, action !== undefined);
    if (action !== undefined) content.action = true;
  }
  if (content.text === undefined && head !== '') content.text = plainText(head);
  const hint = files.length === 0 ? undefined : hintIn(message);
  if (hint !== undefined && hint !== '' && content.text === undefined) content.text = plainText(hint);
  const thread = childText(message, 'thread');
  if (thread !== undefined && thread !== '') content.thread = thread;
  if (files.length > 0)
    content.files = hint === undefined ? files : files.map((file) => ({ ...file, isSpoiler: true }));
  if (said.reply !== undefined) content.replyTo = answeredBy(said.reply, said.quotation ?? '', room);
  return content;
}

/** While it is being put together. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
