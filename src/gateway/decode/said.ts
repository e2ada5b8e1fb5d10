/** What a message says: its body without what stands there for other clients only, as content. */
import { type Content, plainText } from '../../core/content.ts';
import type { StanzaRef } from '../../core/ids.ts';
import type { Element } from '../../xml/element.ts';
import { children, childText } from '../../xml/query.ts';
import { actionOf } from '../../xmpp/xep/0245-me.ts';
import { bodyWithoutFallback, FALLBACK, type Fallback, fallback } from '../../xmpp/xep/0428-fallback.ts';

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

/** The text meant for people; undefined where the message has none. */
export function bodyOf(message: Element): string | undefined {
  const body = childText(message, 'body');
  if (body === undefined || body === '') return undefined;
  const marks = children(message, 'fallback', FALLBACK);
  if (marks.length === 0) return body;
  const fallbacks = marks.map(fallback.read).filter((mark): mark is Fallback => mark !== undefined);
  const text = bodyWithoutFallback(body, fallbacks, translated);
  return text === '' ? undefined : text;
}

/** Text is plain; "/me " is an action (XEP-0245). */
export function contentOf(message: Element, body: string): Content<StanzaRef> {
  const thread = childText(message, 'thread');
  const action = actionOf(body);
  return {
    text: plainText(action ?? body),
    ...(action !== undefined && { action: true }),
    ...(thread !== undefined && thread !== '' && { thread }),
  };
}
