/** Calls end here (CHECKLIST 482-01): each is turned down at once, and once a conversation and hour it is said why, in words that any client shows. */
import { empty, type Xml, xml } from '../xml/writer.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { hint } from '../xmpp/xep/0334-hints.ts';
import { proposal, rejection } from '../xmpp/xep/0353-jingle-messages.ts';
import { originId } from '../xmpp/xep/0359-stanza-ids.ts';
import { invite, propose, reject } from '../xmpp/xep/0482-call-invites.ts';
import { textsFor } from './commands/texts.ts';
import { explain } from './explaining.ts';
import type { Heard } from './face.ts';
import { placeName } from './labels.ts';
import type { FaceState } from './rooms/feature.ts';

/** What turns the call down that a message is, empty where it has no name to be turned down by; undefined: it is none. */
export function turningDown({ kind, type, el, id }: Stanza): Xml | undefined {
  if (kind !== 'message' || type === 'error') return undefined;
  const proposed = proposal.in(el);
  if (proposed !== undefined) return rejection.write({ id: proposed.id, reason: { isUnsupported: true } });
  if (!invite.has(el) && !propose.has(el)) return undefined;
  const named = originId.in(el)?.id ?? id;
  return named === undefined ? empty : reject.write({ id: named });
}

/** undefined: nobody is called. In a room only the others could turn it down: its caller is told in words alone. */
export function hearCall(face: FaceState, stanza: Stanza): Heard | undefined {
  const no = turningDown(stanza);
  if (no === undefined) return undefined;
  const { account, domain } = face.context;
  const stanzas: Outgoing[] = [];
  if (no !== empty && stanza.type !== 'groupchat') {
    stanzas.push({
      kind: 'message',
      type: 'chat',
      from: stanza.to.full,
      to: [stanza.from.full],
      id: face.context.newId(),
      body: xml`${no}${hint('store')}`,
    });
  }
  stanzas.push(...explain(face, stanza, 'calls', textsFor(stanza.lang).noCalls(placeName(account.on, domain))));
  return { stanzas };
}
