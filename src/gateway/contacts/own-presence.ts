/**
 * What the owner's clients show of themselves outside of rooms (CHECKLIST 100-14, 100-15): servers tell the gateway and every contact alike, so the first copy
 * counts and the others change nothing (100-18).
 */
import { childText } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import type { FaceState } from '../rooms/feature.ts';
import { shownToNetwork } from '../rooms/presence.ts';
import { forgetWriting } from '../rooms/typing.ts';
import { shownIn } from '../shown.ts';

/** More clients than anybody has; who came first is forgotten. */
const clientsAtMost = 50;

/** RFC 6121 §4.7.2.3: whoever is below zero wants nothing but what is said to that client, and does not stand for their user (PRE-11). */
const isBelowZero = ({ el }: Stanza): boolean => /^\s*-\d*[1-9]/.test(childText(el, 'priority') ?? '');

/** Presence of a client of the owner's, to the gateway, a server or a contact; undefined: it is none. @param isService not to a contact */
export function hearOwn(face: FaceState, stanza: Stanza, isService: boolean): Heard | undefined {
  const { kind, type, from } = stanza;
  if (kind !== 'presence' || from.bare !== face.context.account.owner) return undefined;
  if (type !== undefined && type !== 'unavailable') return undefined;
  const arrives = type === undefined && comes(face, stanza, isService);
  if (type === 'unavailable') {
    goes(face, stanza, isService);
    forgetWriting(face, face.writing.keys());
  }
  const fleeting = shownToNetwork(face);
  return { stanzas: [], ...(arrives && { arrives }), ...(fleeting !== undefined && { fleeting }) };
}

/** True: it was not there before. */
function comes({ outside }: FaceState, stanza: Stanza, isService: boolean): boolean {
  const { full } = stanza.from;
  if (isBelowZero(stanza)) {
    outside.clients.delete(full);
    return false;
  }
  const before = outside.clients.get(full);
  outside.clients.delete(full);
  const byService = isService || before?.byService === true;
  outside.clients.set(full, { shown: shownIn(stanza.el), byService, by: before?.by ?? stanza.to.bare });
  outside.isKnown = true;
  for (const oldest of outside.clients.keys()) {
    if (outside.clients.size <= clientsAtMost) break;
    outside.clients.delete(oldest);
  }
  return before === undefined;
}

/**
 * Of an address without resource: none of them is there. Who has told the gateway that it is there does not go by telling a contact otherwise (100-17); of contacts
 * alone the first that was told counts: from any other that its user removes it goes, too.
 */
function goes({ outside }: FaceState, { from, to }: Stanza, isService: boolean): void {
  const known = outside.clients.get(from.full);
  if (from.resource === '') {
    outside.clients.clear();
    outside.isKnown = true;
  } else if (isService || (known?.byService === false && known.by === to.bare)) outside.clients.delete(from.full);
}

/**
 * Their servers are asked who is there: a stream that was away has not told who went. What it returns forgets those of whom nothing was said since, unless nothing
 * was of anybody: then nobody has answered.
 */
export function doubtOwn({ outside: { clients } }: Pick<FaceState, 'outside'>): () => void {
  const before = new Map(clients);
  return () => {
    const isAnswered = [...clients].some(([client, now]) => before.get(client) !== now);
    if (!isAnswered) return;
    for (const [client, then] of before) if (clients.get(client) === then) clients.delete(client);
  };
}
