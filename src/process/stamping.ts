/** The time at which something was said, put into what is told late (XEP-0203 §2): into the message itself, also where a server is asked to send it in its user's name (CHECKLIST 356-24). */
import { parseStanzas } from '../xml/document.ts';
import type { Element } from '../xml/element.ts';
import { child, childOf } from '../xml/query.ts';
import { write, type Xml } from '../xml/writer.ts';
import { DELAY, delay } from '../xmpp/xep/0203-delay.ts';
import { CARBONS } from '../xmpp/xep/0280-carbons.ts';
import { privilegeNamespaces } from '../xmpp/xep/0356-privilege.ts';

/** What a message only passes on: one in a user's name, or a copy of one that they have sent elsewhere (XEP-0356 §5.1, XEP-0280 §8); undefined: it says something itself. */
function wrappingOf(message: Element): Element | undefined {
  const wrapped = privilegeNamespaces.map((ns) => child(message, 'privilege', ns)).find((one) => one !== undefined);
  return wrapped ?? child(message, 'sent', CARBONS);
}

const isSaid = (message: Element): boolean =>
  child(message, 'body') !== undefined && childOf(message, DELAY) === undefined;

const changed = (of: Element, change: (one: Element) => Element): Element => ({
  ...of,
  children: of.children.map((one) => (typeof one === 'string' ? one : change(one))),
});

/** Messages that say something and have no time get that one; all else stays as it is. */
function stampedElement(stanza: Element, when: Element): Element {
  if (stanza.name !== 'message') return stanza;
  const wrapping = wrappingOf(stanza);
  if (wrapping === undefined) return isSaid(stanza) ? { ...stanza, children: [...stanza.children, when] } : stanza;
  const inside = (forwarded: Element): Element => changed(forwarded, (one) => stampedElement(one, when));
  return changed(stanza, (one) => (one === wrapping ? changed(wrapping, inside) : one));
}

/** Each of these stanzas with the time at which they were said (epoch milliseconds), by that domain. Throws where they can't be read. */
export function stamped(text: string, domain: string, at: number): readonly Xml[] {
  const when = delay.toElement({ from: domain, stamp: new Date(at), reason: '' });
  return parseStanzas(text).map((stanza) => write(stampedElement(stanza, when)));
}
