/**
 * The gateway's own presence to the owner of an account: where the network refuses their login, or they have logged out, it is not here for them, and says why (XEP-0100 §4.4.2, §5.3), until they are in again.
 * The decoder, which knows no accounts, says of it that it is here, just before.
 */
import type { GatewayError } from '../../core/errors.ts';
import { empty, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import type { FaceState } from '../rooms/feature.ts';
import { saidIn } from '../translation.ts';
import { atResource } from './addresses.ts';

const toOwner = ({ context }: FaceState, to = context.account.owner): Pick<Outgoing, 'kind' | 'from' | 'to'> => ({
  kind: 'presence',
  from: atResource(context.domain),
  to: [to],
});

function notHere(face: FaceState, { message }: GatewayError, to?: string): Outgoing {
  const { text } = saidIn(message, face.lang, face.context.translate);
  return { ...toOwner(face, to), type: 'unavailable', body: xml`<status>${text}</status>` };
}

/** Of an account at an address of its own (a server's, a label's) that address tells how it is. */
const isGateways = ({ context: { account } }: FaceState): boolean => account.on === undefined;

/** Their login is refused, or they have logged out. */
export function shutOut(face: FaceState, why: GatewayError): readonly Outgoing[] {
  if (face.session !== undefined) return [];
  face.refused = why;
  return isGateways(face) ? [notHere(face, why)] : [];
}

/** They are in. */
export function letIn(face: FaceState): readonly Outgoing[] {
  if (face.refused === undefined) return [];
  face.refused = undefined;
  if (!isGateways(face)) return [];
  return [{ ...toOwner(face), body: face.context.serviceCaps ?? empty }];
}

/** To a client of theirs that has come, and to their server when it asks, it is told again. */
export function withRefusal(face: FaceState, { kind, type, to, from }: Stanza, heard: Heard): Heard {
  const isAsked = kind === 'presence' && to.local === '' && (type === undefined || type === 'probe');
  if (face.refused === undefined || !isAsked || !isGateways(face) || from.bare !== face.context.account.owner)
    return heard;
  return { ...heard, stanzas: [...heard.stanzas, notHere(face, face.refused, from.full)] };
}
