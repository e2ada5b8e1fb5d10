/** Moderation (XEP-0045 §8, §9): a muc#admin set becomes one intent for all its items, all or nothing (CHECKLIST 45-70 to 45-75). */
import type { Target as Aim, Moderation } from '../../core/intent.ts';
import { parseJid } from '../../xmpp/jid.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type MucItem, mucAdmin } from '../../xmpp/xep/0045-muc.ts';
import { answer, badRequest, deny, noSuchItem, originOf } from './answers.ts';
import type { IqHandler } from './iq.ts';
import type { Scope, Target } from './scope.ts';

type Room = Extract<Target, { is: 'room' }>;

const mostItems = 100;

const byRole: Readonly<Record<NonNullable<MucItem['role']>, Moderation>> = {
  none: 'kick',
  visitor: 'devoice',
  participant: 'voice',
  moderator: 'op',
};

/** An affiliation taken away from somebody in the room is a rank, from an address a ban. */
function byAffiliation(affiliation: NonNullable<MucItem['affiliation']>, isAddress: boolean): Moderation {
  switch (affiliation) {
    case 'outcast':
      return 'ban';
    case 'none':
      return isAddress ? 'unban' : 'deop';
    case 'member':
      return 'voice';
    case 'admin':
    case 'owner':
      return 'op';
    default:
      return affiliation satisfies never;
  }
}

/** Whom an item means: a nick, one of our contacts, or an occupant by the room's own address. */
function whom(
  scope: Scope,
  stanza: Stanza,
  { nick, jid }: MucItem,
  room: Room,
): Pick<Aim, 'nick' | 'person'> | Outgoing {
  if (jid === undefined)
    return nick === undefined ? badRequest(stanza, 'An item names a nick or an address') : { nick };
  const address = parseJid(jid);
  if (address === undefined) return deny(stanza, { type: 'modify', condition: 'jid-malformed' });
  if (address.bare === stanza.from.bare) {
    return deny(stanza, { type: 'cancel', condition: 'conflict', text: 'This is yourself' });
  }
  if (address.bare === stanza.to.bare && address.resource !== '') return { nick: address.resource };
  const target = address.domain === stanza.to.domain ? scope.target(address) : undefined;
  if (target?.is === 'contact' && target.on === room.on) {
    return nick === undefined ? { person: target.person } : { nick, person: target.person };
  }
  return nick === undefined ? noSuchItem(stanza, `${address.bare} is nobody of this network`) : { nick };
}

function actionOf({ role, affiliation, jid }: MucItem): Moderation | undefined {
  if ((role === undefined) === (affiliation === undefined)) return undefined;
  return role === undefined ? affiliation && byAffiliation(affiliation, jid !== undefined) : byRole[role];
}

const isError = (aim: object): aim is Outgoing => 'kind' in aim;

export const moderate: IqHandler<Room> = (scope, stanza, payload, target) => {
  const items = mucAdmin.read(payload)?.items ?? [];
  if (items.length === 0 || items.length > mostItems) return answer(badRequest(stanza, 'Between 1 and 100 items'));
  const targets: Aim[] = [];
  for (const item of items) {
    const action = actionOf(item);
    if (action === undefined) return answer(badRequest(stanza, 'An item changes either a role or an affiliation'));
    const aim = whom(scope, stanza, item, target);
    if (isError(aim)) return answer(aim);
    targets.push({ ...aim, action, ...(item.reason !== undefined && item.reason !== '' && { reason: item.reason }) });
  }
  return {
    is: 'durable',
    account: scope.key(stanza.from, target.on),
    intent: { kind: 'moderate', chat: target.chat, targets },
    origin: originOf(stanza, 'iq', scope),
    opens: false,
  };
};
