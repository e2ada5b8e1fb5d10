/** What is announced of a contact because the live session can do it (CHECKLIST 308-01, 424-03, 085-01, 333-03); nothing where there is none. */
import type { Session } from '../../bridge/contract.ts';
import { CHAT_STATES } from '../../xmpp/xep/0085-chat-states.ts';
import { CORRECTION } from '../../xmpp/xep/0308-correction.ts';
import { MARKERS } from '../../xmpp/xep/0333-markers.ts';
import { RETRACTION } from '../../xmpp/xep/0424-retraction.ts';
import { REACTIONS } from '../../xmpp/xep/0444-reactions.ts';
import { REPLIES } from '../../xmpp/xep/0461-replies.ts';

type Deeds = Pick<Session, 'edits' | 'retractions' | 'reactions' | 'replies' | 'typing' | 'receipts'>;

const namespaces: Readonly<Record<keyof Deeds, string>> = {
  edits: CORRECTION,
  retractions: RETRACTION,
  reactions: REACTIONS,
  replies: REPLIES,
  typing: CHAT_STATES,
  receipts: MARKERS,
};

/** In the order of the table. */
export function deedFeatures(session: Deeds | undefined): readonly string[] {
  const found: string[] = [];
  for (const [name, ns] of Object.entries(namespaces)) {
    if (session !== undefined && session[name as keyof Deeds] !== undefined) found.push(ns);
  }
  return found;
}
