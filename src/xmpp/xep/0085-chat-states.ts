/** XEP-0085 Chat State Notifications, version 2.1: §3, five elements of which a message has at most one. */
import type { Element } from '../../xml/element.ts';
import { childOf } from '../../xml/query.ts';
import { write, type Xml } from '../../xml/writer.ts';
import { type Form, oneOf } from '../codec.ts';

export const CHAT_STATES = 'http://jabber.org/protocol/chatstates';

const states = oneOf('active', 'composing', 'paused', 'inactive', 'gone');
export type ChatState = typeof states extends Form<infer S> ? S : never;

/** What a message says of its sender's doings. */
export function chatStateOf(message: Element): ChatState | undefined {
  const found = childOf(message, CHAT_STATES);
  return found === undefined ? undefined : states.read(found.name);
}

export const chatState = (state: ChatState): Xml => write({ name: state, ns: CHAT_STATES, attrs: {}, children: [] });
