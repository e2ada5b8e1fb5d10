/** What the owner did to messages in the network's own client, shown in theirs as done by them (CHECKLIST 356-23). What was done here has changed the message already, or is under way. */

import { personId } from '../../core/ids.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { displayed } from '../../xmpp/xep/0333-markers.ts';
import { hint } from '../../xmpp/xep/0334-hints.ts';
import type { Known } from '../refs.ts';
import type { FaceState, Out } from '../rooms/feature.ts';
import { foldReaction, isEmoji, reactionBody } from '../rooms/reactions.ts';
import { retraction } from '../rooms/retractions.ts';
import { personJid } from './addresses.ts';
import { keepLine, rowOf } from './archived.ts';
import { correction, type Deed, isFurther, kinds } from './deeds.ts';
import { ownId, show } from './own-messages.ts';

/** Is a client's own deed on that message being tried? */
function isUnderWay({ sendings }: FaceState, known: Known): boolean {
  for (const one of sendings.values()) if (one.known === known && one.intent.kind !== 'send') return true;
  return false;
}

function bodyOf(face: FaceState, event: Exclude<Deed, { kind: 'typing' }>, known: Known): Xml | undefined {
  switch (event.kind) {
    case 'edited':
      return known.isMine ? correction(face, event, known) : undefined;
    case 'retracted':
      if (!known.isMine) return undefined;
      known.isRetracted = true;
      return retraction(known.id, event.reason, face.lang);
    case 'reaction': {
      const all = isEmoji(event.emoji) ? foldReaction(known, event.by, event.emoji, event.present) : undefined;
      return all === undefined ? undefined : reactionBody(known.name, all);
    }
    case 'read':
      if (known.isMine || !isFurther(face.readUpTo.ours, event.chat, known)) return undefined;
      return xml`${displayed.write({ id: known.id })}${hint('store')}`;
    default:
      return event satisfies never;
  }
}

/** By the owner, in a conversation of two. Who is writing there the owner knows. */
export function tellOwnDeed(face: FaceState, event: Deed, out: Out): void {
  if (event.kind === 'typing') return;
  const { chat } = event;
  const known = face.refs.named(chat, event.kind === 'read' ? event.upTo : event.target);
  if (known === undefined || (known.isRetracted && event.kind !== 'read') || isUnderWay(face, known)) return;
  const body = bodyOf(face, event, known);
  if (body === undefined) return;
  const id = ownId(face);
  show(face, id, personJid(face.context, personId(chat)), body, out);
  if (event.kind === 'read') return;
  const row = face.context.newId();
  const about = rowOf(known);
  keepLine(
    face,
    chat,
    { row, id, at: event.at.getTime(), nick: event.by, body, kind: kinds[event.kind], about },
    false,
    out,
  );
}
