/** What a message says: its body without what stands there for other clients only, as content. */
import type { Content } from '../../core/content.ts';
import type { StanzaRef } from '../../core/ids.ts';
import type { Element } from '../../xml/element.ts';
import { children, childText } from '../../xml/query.ts';
import { actionOf } from '../../xmpp/xep/0245-me.ts';
import { FALLBACK, type Fallback, fallback, rangesOf, without } from '../../xmpp/xep/0428-fallback.ts';
import { type Cut, readMarks, shifted } from '../text/read-marks.ts';

/** The longest body taken at all, in octets. */
export const longestBody = 64 * 1024;

export const isTooLong = (body: string): boolean =>
  body.length > longestBody || (body.length * 3 > longestBody && Buffer.byteLength(body) > longestBody);

/** Bodies that stand in for a retraction or a reaction are no text for anybody (CHECKLIST 428-02); a reply's quotation is (461-04). */
const translated: ReadonlySet<string> = new Set([
  'urn:xmpp:message-retract:1',
  'urn:xmpp:message-retract:0',
  'urn:xmpp:reactions:0',
]);

/** The text meant for people, and what was taken out of the body for it; undefined where the message has none. */
export function saidIn(message: Element): (Cut & { readonly text: string }) | undefined {
  const body = childText(message, 'body');
  if (body === undefined || body === '') return undefined;
  const marks = children(message, 'fallback', FALLBACK);
  if (marks.length === 0) return { body, text: body, moved: (points) => points };
  const fallbacks = marks.map(fallback.read).filter((mark): mark is Fallback => mark !== undefined);
  const { rest, moved } = without(body, rangesOf(fallbacks, translated));
  return rest === '' ? undefined : { body, text: rest, moved };
}

/** "/me " is an action (XEP-0245). */
export function contentOf(message: Element, said: Cut & { readonly text: string }): Content<StanzaRef> {
  const thread = childText(message, 'thread');
  const action = actionOf(said.text);
  const plain = action ?? said.text;
  const marks = shifted(readMarks(message, said.text, said), plain.length - said.text.length);
  return {
    text: { plain, marks },
    ...(action !== undefined && { action: true }),
    ...(thread !== undefined && thread !== '' && { thread }),
  };
}
