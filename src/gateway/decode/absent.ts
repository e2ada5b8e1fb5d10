/** What is answered for an account that is not live: nobody is in any room, no server is connected; whoever asks is told so (CHECKLIST 114-53, 45-25, 410-02). */
import { GatewayError } from '../../core/errors.ts';
import type { Element } from '../../xml/element.ts';
import { firstChild } from '../../xml/query.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { reply, type Stanza } from '../../xmpp/stanza.ts';
import { DISCO_INFO, DISCO_ITEMS } from '../../xmpp/xep/0030-disco.ts';
import { MUC_ADMIN, MUC_TRAFFIC, RESERVED_NICK } from '../../xmpp/xep/0045-muc.ts';
import { COMMANDS } from '../../xmpp/xep/0050-commands.ts';
import { PING } from '../../xmpp/xep/0199-ping.ts';
import { archiveFeatures } from '../archive-query.ts';
import { notHere } from '../contacts/probe.ts';
import { closedRoomFlags, discoInfo, discoItems, emptyInfo } from '../disco.ts';
import { notDelivered, secretIn } from '../encryption.ts';
import { outside } from '../rooms/presence.ts';
import { roomFeatures } from '../rooms/room-features.ts';
import { badRequest, deny, noSuchItem, result, unavailable } from './answers.ts';
import { isFleeting } from './matters.ts';
import { notThere } from './not-there.ts';
import { refuse } from './refuse.ts';
import type { Scope, Target } from './scope.ts';

const notIn = new GatewayError('not-in-room', { text: 'You are not in this room' });

/** While nobody is connected there, nothing is known of a contact, and the server is not there: unavailable (PRE-04). A join would have it connected. */
function presence(stanza: Stanza, target: Target | undefined): readonly Outgoing[] {
  if ((target?.is === 'contact' || target?.is === 'server') && stanza.type === 'probe') return [notHere(stanza)];
  if (stanza.type !== undefined || target?.is !== 'room') return [];
  return stanza.to.resource === '' ? [] : [{ ...reply(stanza, 'unavailable'), body: outside(stanza.lang) }];
}

function message(scope: Scope, stanza: Stanza, target: Target | undefined): readonly Outgoing[] {
  if (isFleeting(stanza.el) || stanza.type === 'headline') return [];
  const secret = secretIn(stanza);
  if (secret !== undefined) return refuse(stanza, notDelivered(secret, scope.options.about.name, stanza.lang));
  if (target?.is === 'room') return refuse(stanza, notIn);
  const on = target?.is === 'contact' || target?.is === 'server' ? target.on : undefined;
  return refuse(stanza, notThere(scope, on));
}

/** A channel that nobody of this account is in, described by its address alone (CHECKLIST 45-02, 45-10). */
function roomInfo(scope: Scope, stanza: Stanza, { address }: Extract<Target, { is: 'room' }>): Outgoing {
  const name = scope.options.addresses.title(address);
  const identities = [{ category: 'conference', type: 'text', name }];
  const commands = scope.catalogue.at('room', true).length > 0 ? [COMMANDS] : [];
  const features = [
    DISCO_ITEMS,
    ...commands,
    ...roomFeatures.flatMap(({ namespaces }) => namespaces ?? []),
    ...(scope.options.archive === false ? [] : archiveFeatures),
    ...closedRoomFlags,
  ];
  return result(stanza, discoInfo({ identities, features }));
}

function disco(scope: Scope, stanza: Stanza, query: Element, target: Target): Outgoing {
  const { node } = query.attrs;
  if (target.is !== 'room') return unavailable(stanza);
  if (stanza.to.resource !== '') return badRequest(stanza, 'Only occupants can ask about occupants');
  if (query.ns === DISCO_ITEMS)
    return node === undefined || node === '' ? result(stanza, discoItems([])) : noSuchItem(stanza);
  if (node === undefined || node === '') return roomInfo(scope, stanza, target);
  return node === RESERVED_NICK || node === MUC_TRAFFIC ? result(stanza, emptyInfo(node)) : noSuchItem(stanza);
}

function iq(scope: Scope, stanza: Stanza, target: Target | undefined): readonly Outgoing[] {
  if (stanza.type === 'result' || stanza.type === 'error') return [];
  const payload = firstChild(stanza.el);
  if (payload === undefined || target === undefined) return [unavailable(stanza)];
  switch (payload.ns) {
    case DISCO_INFO:
    case DISCO_ITEMS:
      return [disco(scope, stanza, payload, target)];
    case PING:
      return [deny(stanza, { type: 'cancel', condition: 'not-acceptable', by: stanza.to.bare })];
    case MUC_ADMIN:
      return refuse(stanza, notIn);
    default:
      return [unavailable(stanza)];
  }
}

export function absent(scope: Scope, stanza: Stanza): readonly Outgoing[] {
  const target = scope.target(stanza.to);
  switch (stanza.kind) {
    case 'presence':
      return presence(stanza, target);
    case 'message':
      return message(scope, stanza, target);
    case 'iq':
      return iq(scope, stanza, target);
    default:
      return stanza.kind satisfies never;
  }
}
