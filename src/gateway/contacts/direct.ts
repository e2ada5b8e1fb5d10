/** Conversations of two (CHECKLIST MSG-01 to MSG-08, 184): the network's people write to the owner's bare JID, and a confirmed send earns its receipt. */
import type { MessageEvent } from '../../core/event.ts';
import { personId } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import { empty, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import { type FaceState, type Out, silence } from '../rooms/feature.ts';
import { contactJid } from '../rooms/occupants.ts';
import { isRequest, refuse } from '../rooms/origin.ts';
import { bodyOf } from '../text/body.ts';

/** One message from the contact; the server sees to devices, carbons and storage. Our own, sent from here or elsewhere, are not shown (280-02). */
export function tellDirect(face: FaceState, event: MessageEvent, out: Out): void {
  if (event.sentBy !== undefined || event.by === face.session?.me) return;
  const body = bodyOf(event.content);
  if (body === undefined) return;
  const delay =
    event.history === true
      ? xml`<delay xmlns='urn:xmpp:delay' from=${face.context.domain} stamp=${event.at.toISOString()}/>`
      : empty;
  out.stanzas.push({
    kind: 'message',
    type: 'chat',
    from: contactJid(face, personId(event.chat)),
    to: [face.context.account.owner],
    id: face.context.newId(),
    body: xml`${body}${delay}`,
    keep: true,
  });
}

/** The network has it: the receipt, where one was asked for and the stanza can be named (184-01, 184-02). */
export function receipt(face: FaceState, origin: Origin): Outgoing | undefined {
  if (origin.receipt !== true || origin.stanzaId === undefined || origin.type === 'groupchat') return undefined;
  return {
    kind: 'message',
    type: 'chat',
    from: origin.to,
    to: [origin.from],
    id: face.context.newId(),
    body: xml`<received xmlns='urn:xmpp:receipts' id=${origin.stanzaId}/>`,
  };
}

/** Mail to a contact, a server or the gateway that nobody else answered: requests get an error, all else silence (GEN-01, GEN-07, GEN-08). */
export function hearDirect(stanza: Stanza): Heard {
  if (stanza.kind !== 'iq' || !isRequest(stanza)) return silence;
  return { stanzas: [refuse(stanza, 'not-available')] };
}
