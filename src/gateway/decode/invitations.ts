/** Invitations and what is answered to them (XEP-0045 §7.8, XEP-0249; CHECKLIST 45-90, 45-91, 045-249-01): whom they mean, before anybody is asked. */

import { plainText } from '../../core/content.ts';
import { type ChatId, chatId, type PersonId, personId } from '../../core/ids.ts';
import type { DurableIntent } from '../../core/intent.ts';
import { type Jid, parseJid, xmppUri } from '../../xmpp/jid.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type MucUser, mucUser } from '../../xmpp/xep/0045-muc.ts';
import { directInvitation } from '../../xmpp/xep/0249-direct-invitations.ts';
import type { Decoded } from '../face.ts';
import { answer, badRequest, deny, ignored, mail, noSuchItem, originOf } from './answers.ts';
import { refuse } from './refuse.ts';
import type { Scope, Target } from './scope.ts';

type Room = Extract<Target, { is: 'room' }>;
type Contact = Extract<Target, { is: 'contact' }>;

const mostAtOnce = 10;
const longestReason = 1000;

/** The person of that nick, as the bridge names people. */
function byNick(scope: Scope, nick: string, on: string | undefined): PersonId | undefined {
  const { addresses } = scope.options;
  const where = on === undefined ? {} : { on };
  const address = addresses.parse(addresses.format({ is: 'person', id: personId(nick), ...where }));
  return address?.is === 'person' ? address.id : undefined;
}

/** Somebody on the room's network: a contact, an occupant by any room's address, or a nick alone, which is no address but what people type. */
function onNetwork(scope: Scope, stanza: Stanza, to: string, jid: Jid, room: Room): PersonId | undefined {
  if (jid.local === '' && !to.includes('.')) return byNick(scope, to, room.on);
  if (jid.domain !== stanza.to.domain) return undefined;
  const target = scope.target(jid);
  if (target?.on !== room.on) return undefined;
  if (target?.is === 'contact') return target.person;
  return target?.is === 'room' && jid.resource !== '' ? byNick(scope, jid.resource, room.on) : undefined;
}

type Whom = { readonly person: PersonId } | { readonly user: string } | Outgoing;

function whom(scope: Scope, stanza: Stanza, to: string, room: Room): Whom {
  const jid = parseJid(to);
  if (jid === undefined) return deny(stanza, { type: 'modify', condition: 'jid-malformed' });
  const person = onNetwork(scope, stanza, to, jid, room);
  if (person !== undefined) return { person };
  if (jid.local === '' || jid.domain === stanza.to.domain) return noSuchItem(stanza, `${to} is nobody who could come`);
  if (scope.allows(jid)) return { user: jid.bare };
  return deny(stanza, { type: 'auth', condition: 'forbidden', text: scope.denial(jid).message });
}

const isError = (found: Whom): found is Outgoing => 'kind' in found;

function inviteIntent(chat: ChatId, person: PersonId, reason = ''): DurableIntent {
  return { kind: 'invite', chat, person, ...(reason !== '' && { reason: reason.slice(0, longestReason) }) };
}

/** One person of the network is asked for there; users of XMPP, several too, are told by the room, which knows who is in it. */
function invite(scope: Scope, stanza: Stanza, room: Room, invites: MucUser['invites']): Decoded {
  const found = invites.slice(0, mostAtOnce + 1).map(({ to }) => whom(scope, stanza, to ?? '', room));
  if (found.length > mostAtOnce) return answer(badRequest(stanza, `At most ${mostAtOnce} at once`));
  for (const one of found) if (isError(one)) return answer(one);
  const [first] = found;
  if (first === undefined || isError(first) || !('person' in first)) {
    if (found.some((one) => 'person' in one)) return answer(badRequest(stanza, 'One person of the network at a time'));
    return mail(scope, stanza, room);
  }
  if (found.length > 1) return answer(badRequest(stanza, 'One person of the network at a time'));
  return {
    is: 'durable',
    account: scope.key(stanza.from, room.on),
    intent: inviteIntent(room.chat, first.person, invites[0]?.reason),
    origin: originOf(stanza, 'message', scope),
    opens: false,
  };
}

/** Who was invited from here says no: the room tells who invited, if that is a user of XMPP; a network has no word for it (45-91). */
function decline(scope: Scope, stanza: Stanza, { to = '', reason }: NonNullable<MucUser['decline']>): Decoded {
  const inviter = parseJid(to);
  if (inviter === undefined || inviter.local === '' || inviter.domain === stanza.to.domain) return ignored;
  if (!scope.allows(inviter)) return answer(...refuse(stanza, scope.denial(inviter)));
  const because = reason === undefined ? {} : { reason: reason.slice(0, longestReason) };
  const body = mucUser.write({
    items: [],
    invites: [],
    statuses: [],
    decline: { from: stanza.from.bare, ...because },
  });
  return answer({ kind: 'message', from: stanza.to.bare, to: [inviter.bare], body });
}

/** undefined: it is neither. */
export function invitationToRoom(scope: Scope, stanza: Stanza, room: Room): Decoded | undefined {
  const x = mucUser.in(stanza.el);
  if (x === undefined) return undefined;
  if (x.invites.length > 0) return invite(scope, stanza, room, x.invites);
  return x.decline === undefined ? undefined : decline(scope, stanza, x.decline);
}

/** A contact is asked into a room: of their network by the network, into another by a text with its address. undefined: it is no invitation. */
export function invitationToContact(scope: Scope, stanza: Stanza, contact: Contact): Decoded | undefined {
  const invitation = directInvitation.in(stanza.el);
  if (invitation === undefined) return undefined;
  const jid = parseJid(invitation.jid);
  if (jid === undefined) return answer(deny(stanza, { type: 'modify', condition: 'jid-malformed' }));
  const { person, on } = contact;
  const durable = (intent: DurableIntent): Decoded => {
    const origin = originOf(stanza, 'message', scope);
    return { is: 'durable', account: scope.key(stanza.from, on), intent, origin, opens: false };
  };
  const reason = (invitation.reason ?? '').slice(0, longestReason);
  if (jid.domain !== stanza.to.domain) {
    const text = `You are invited to ${xmppUri({ ...jid, resource: '' }, 'join')}${reason === '' ? '' : `: ${reason}`}`;
    return durable({ kind: 'send', chat: chatId(person), content: { text: plainText(text) } });
  }
  const room = scope.target(jid);
  if (room?.is !== 'room' || room.on !== on) {
    return answer(noSuchItem(stanza, `${invitation.jid} is no room that they could come to`));
  }
  return durable(inviteIntent(room.chat, person, reason));
}
