/** Moderation (XEP-0045 §8, §9): a muc#admin set becomes one intent for all its items, all or nothing (CHECKLIST 45-70 to 45-75). */
import type { Power } from '../../core/event.ts';
import { personId } from '../../core/ids.ts';
import type { Target as Aim } from '../../core/intent.ts';
import { decodeLocal } from '../../core/localpart.ts';
import { type Jid, parseJid } from '../../xmpp/jid.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type MucItem, mucAdmin } from '../../xmpp/xep/0045-muc.ts';
import { answer, badRequest, deny, noSuchItem, originOf } from './answers.ts';
import type { IqHandler } from './iq.ts';
import type { Scope, Target } from './scope.ts';

type Room = Extract<Target, { is: 'room' }>;
type Wish = Pick<Aim, 'action' | 'power' | 'alsoFine'>;

const mostItems = 100;

const toHave = (power: Power, ...alsoFine: readonly Power[]): Wish => ({ action: 'power', power, alsoFine });

/** What a role asks for, and the ranks that have it already (rooms/standing.ts, read backwards). */
const byRole: Readonly<Record<NonNullable<MucItem['role']>, Wish>> = {
  none: { action: 'kick' },
  visitor: toHave('visitor'),
  participant: toHave('participant', 'voiced'),
  moderator: toHave('moderator', 'helper', 'admin', 'owner'),
};

/** The same of an affiliation. Taken away from an address that is not in the room it ends a ban. */
const byAffiliation: Readonly<Record<NonNullable<MucItem['affiliation']>, Wish>> = {
  outcast: { action: 'ban' },
  none: toHave('participant', 'visitor'),
  member: toHave('voiced', 'helper'),
  admin: toHave('moderator'),
  owner: toHave('owner', 'admin'),
};

/** An address that is nobody's: a mask, as the list of outcasts has it (45-77). */
function maskIn({ options }: Scope, { local }: Jid, { on }: Room): Pick<Aim, 'person'> | undefined {
  const where = on === undefined ? {} : { on };
  const suffix = options.addresses.format({ is: 'person', id: personId('x'), ...where }).slice(1);
  if (!local.endsWith(suffix)) return undefined;
  const person = personId(decodeLocal(local.slice(0, local.length - suffix.length)));
  return options.addresses.format({ is: 'person', id: person, ...where }) === local ? { person } : undefined;
}

/** Whom an item means: a nick, one of our contacts, an occupant by the room's own address or, for bans, a mask. */
function whom(scope: Scope, stanza: Stanza, item: MucItem, room: Room): Pick<Aim, 'nick' | 'person'> | Outgoing {
  const { nick, jid, affiliation } = item;
  if (jid === undefined)
    return nick === undefined ? badRequest(stanza, 'An item names a nick or an address') : { nick };
  const address = parseJid(jid);
  if (address === undefined) return deny(stanza, { type: 'modify', condition: 'jid-malformed' });
  if (address.bare === stanza.from.bare) {
    return deny(stanza, { type: 'cancel', condition: 'conflict', text: 'This is yourself' });
  }
  if (address.bare === stanza.to.bare && address.resource !== '') return { nick: address.resource };
  const isOurs = address.domain === stanza.to.domain;
  const target = isOurs ? scope.target(address) : undefined;
  if (target?.is === 'contact' && target.on === room.on) {
    return nick === undefined ? { person: target.person } : { nick, person: target.person };
  }
  if (nick !== undefined) return { nick };
  const isBan = affiliation === 'outcast' || affiliation === 'none';
  const mask = isOurs && isBan && target === undefined ? maskIn(scope, address, room) : undefined;
  return mask ?? noSuchItem(stanza, `${address.bare} is nobody of this network`);
}

function wishOf({ role, affiliation, jid, nick }: MucItem): Wish | undefined {
  if ((role === undefined) === (affiliation === undefined)) return undefined;
  if (role !== undefined) return byRole[role];
  if (affiliation === 'none' && jid !== undefined && nick === undefined) return { action: 'unban' };
  return affiliation && byAffiliation[affiliation];
}

const isError = (aim: object): aim is Outgoing => 'kind' in aim;

export const moderate: IqHandler<Room> = (scope, stanza, payload, target) => {
  const items = mucAdmin.read(payload)?.items ?? [];
  if (items.length === 0 || items.length > mostItems) return answer(badRequest(stanza, 'Between 1 and 100 items'));
  const targets: Aim[] = [];
  for (const item of items) {
    const wish = wishOf(item);
    if (wish === undefined) return answer(badRequest(stanza, 'An item changes either a role or an affiliation'));
    const aim = whom(scope, stanza, item, target);
    if (isError(aim)) return answer(aim);
    targets.push({ ...aim, ...wish, ...(item.reason !== undefined && item.reason !== '' && { reason: item.reason }) });
  }
  return {
    is: 'durable',
    account: scope.key(stanza.from, target.on),
    intent: { kind: 'moderate', chat: target.chat, targets },
    origin: originOf(stanza, 'iq', scope),
    opens: false,
  };
};
