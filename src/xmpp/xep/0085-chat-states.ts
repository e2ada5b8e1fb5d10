/** XEP-0085 Chat State Notifications, version 2.1: §5.1, who is writing just now. */
import type { Element } from '../../xml/element.ts';
import { childOf } from '../../xml/query.ts';
import { write, type Xml } from '../../xml/writer.ts';

export const CHAT_STATES = 'http://jabber.org/protocol/chatstates';

const states = ['active', 'composing', 'paused', 'inactive', 'gone'] as const;
export type ChatState = (typeof states)[number];

/** The state that a message tells; undefined: none. */
export function chatStateIn(message: Element): ChatState | undefined {
  const name = childOf(message, CHAT_STATES)?.name;
  return states.find((state) => state === name);
}

export const chatState = (state: ChatState): Xml => write({ name: state, ns: CHAT_STATES, attrs: {}, children: [] });
