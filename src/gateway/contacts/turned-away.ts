/** A user's server does not let through what somebody writes who is in no contact list (mod_block_strangers, mod_firewall): its recipient is told, once of each (CHECKLIST ROS-35). */
import { chatId, type PersonId } from '../../core/ids.ts';
import { readError } from '../../xmpp/error.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import { createOut, type FaceState } from '../rooms/feature.ts';
import { personJid } from './addresses.ts';
import { tellNotice } from './notices.ts';

const conditions: ReadonlySet<string> = new Set(['policy-violation', 'service-unavailable']);
/** Of more nobody is remembered. */
const toldAtMost = 1000;

/** One message bounces once for each client of theirs, and the others bounce as well. Of a contact it has another cause; so it has of what we do not know to have sent. */
export function hearTurnedAway(face: FaceState, stanza: Stanza, person: PersonId): Heard | undefined {
  if (stanza.kind !== 'message' || stanza.type !== 'error') return undefined;
  const { id, from } = stanza;
  if (id === undefined || from.bare !== face.context.account.owner) return undefined;
  if (face.contacts.has(person) || face.turnedAway.has(person) || face.turnedAway.size >= toldAtMost) return undefined;
  if (!conditions.has(readError(stanza)?.condition ?? '')) return undefined;
  const said = face.refs.find(chatId(person), { stanzaId: id });
  if (said === undefined || said.isMine) return undefined;
  face.turnedAway.add(person);
  const out = createOut();
  const jid = personJid(face.context, person);
  const text = `${said.nick} has written to you, and your server did not let it through. If you want to read them, add ${jid} to your contacts.`;
  tellNotice(face, text, out);
  return { stanzas: out.stanzas };
}
