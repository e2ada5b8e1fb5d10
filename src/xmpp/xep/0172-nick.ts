/** XEP-0172 User Nickname, version 1.1: what somebody is called, said with a request for subscription and with a first message, and kept in a node (§4.3). */
import type { Element } from '../../xml/element.ts';
import { textOf } from '../../xml/query.ts';
import { type Xml, xml } from '../../xml/writer.ts';

/** Also the node. */
export const NICK = 'http://jabber.org/protocol/nick';

/** `<nick/>`. */
export const nickElement = (name: string): Xml => xml`<nick xmlns=${NICK}>${name}</nick>`;

/** What a `<nick/>` says; undefined: it is none, or empty. */
export function nickIn(el: Element): string | undefined {
  const name = el.name === 'nick' && el.ns === NICK ? textOf(el).trim() : '';
  return name === '' ? undefined : name;
}
