/**
 * The gateway's own presence to the owner of an account that a login makes (XEP-0100 §4.4, §5.3, §8 rule 6): here once the network has let them in, away while the connection is being made
 * (CHECKLIST 100-13), not here where their login is refused, where they have logged out, and at the end for good (114-52). The decoder, which knows no accounts, says of it that it is here, just before.
 */
import type { GatewayError } from '../../core/errors.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import type { FaceState } from '../rooms/feature.ts';
import { writeShown } from '../shown.ts';
import { saidIn } from '../translation.ts';
import { atResource } from './addresses.ts';

const inWords = ({ lang, context }: FaceState, text: string): string => saidIn(text, lang, context.translate).text;

const toOwner = ({ context }: FaceState, body: Xml, to = context.account.owner): Outgoing => ({
  kind: 'presence',
  from: atResource(context.domain),
  to: [to],
  body,
});

function notHere(face: FaceState, { message }: GatewayError, to?: string): Outgoing {
  return { ...toOwner(face, xml`<status>${inWords(face, message)}</status>`, to), type: 'unavailable' };
}

function away(face: FaceState, to?: string): Outgoing {
  face.service = 'away';
  const status = inWords(face, 'The connection to the network is being made.');
  return toOwner(face, xml`${writeShown({ show: 'away', status })}${face.context.serviceCaps?.() ?? empty}`, to);
}

/** Of an account at an address of its own (a server's, a label's) that address tells how it is; where no login is needed the gateway is there for everybody. */
const isGateways = ({ context: { account, serviceCaps } }: FaceState): boolean =>
  account.on === undefined && serviceCaps !== undefined;

/** Their login is refused, or they have logged out. */
export function shutOut(face: FaceState, why: GatewayError): readonly Outgoing[] {
  if (face.session !== undefined) return [];
  face.refused = why;
  return isGateways(face) ? [notHere(face, why)] : [];
}

/** They are in: told where it was otherwise. */
export function letIn(face: FaceState): readonly Outgoing[] {
  if (face.refused === undefined && face.service === 'here') return [];
  face.refused = undefined;
  face.service = 'here';
  return isGateways(face) ? [toOwner(face, face.context.serviceCaps?.() ?? empty)] : [];
}

/** The network was lost, and is looked for. */
export const seek = (face: FaceState): readonly Outgoing[] => (isGateways(face) ? [away(face)] : []);

/** It ends for good: told to whom it was here. */
export function leave(face: FaceState): readonly Outgoing[] {
  if (face.refused !== undefined || !isGateways(face)) return [];
  return [{ ...toOwner(face, empty), type: 'unavailable' }];
}

/** To a client of theirs that has come, and to their server when it asks, what is so is told again. */
export function withTrouble(face: FaceState, { kind, type, to, from }: Stanza, heard: Heard): Heard {
  const isAsked = kind === 'presence' && to.local === '' && (type === undefined || type === 'probe');
  if (!isAsked || !isGateways(face) || from.bare !== face.context.account.owner) return heard;
  if (face.refused !== undefined)
    return { ...heard, stanzas: [...heard.stanzas, notHere(face, face.refused, from.full)] };
  if (face.session !== undefined && !face.away) return heard;
  return { ...heard, stanzas: [...heard.stanzas, away(face, from.full)] };
}
