/** XEP-0045 Multi-User Chat, version 1.35.5: the four vocabularies (§19). */
import { all, attr, childText, element, maybe, oneOf, optionalAttr, type TypeOf, whole } from '../codec.ts';
import { dataForm } from './0004-data-forms.ts';
import { stamp } from './0082-stamps.ts';

export const MUC = 'http://jabber.org/protocol/muc';
export const MUC_USER = 'http://jabber.org/protocol/muc#user';
export const MUC_ADMIN = 'http://jabber.org/protocol/muc#admin';
export const MUC_OWNER = 'http://jabber.org/protocol/muc#owner';
export const MUC_REQUEST = 'http://jabber.org/protocol/muc#request';
export const MUC_ROOMCONFIG = 'http://jabber.org/protocol/muc#roomconfig';
export const MUC_ROOMINFO = 'http://jabber.org/protocol/muc#roominfo';
export const MUC_STABLE_ID = 'http://jabber.org/protocol/muc#stable_id';
/** §18.1.1 */
export const MUC_TRAFFIC = 'http://jabber.org/protocol/muc#traffic';
/** §7.12 */
export const RESERVED_NICK = 'x-roomuser-item';

export const affiliations = oneOf('owner', 'admin', 'member', 'none', 'outcast');
export const roles = oneOf('moderator', 'participant', 'visitor', 'none');

// ── muc: joining (§7.2) ──────────────────────────────────────────────────────

/** §7.2.14 */
const history = element(MUC, 'history', {
  maxchars: optionalAttr('maxchars', whole),
  maxstanzas: optionalAttr('maxstanzas', whole),
  seconds: optionalAttr('seconds', whole),
  since: optionalAttr('since', stamp),
});
export const mucJoin = element(MUC, 'x', { password: childText('password'), history: maybe(history) });
export type MucJoin = TypeOf<typeof mucJoin>;

// ── muc#user: what rooms tell (§7 to §10) ────────────────────────────────────

const actor = (ns: string) => element(ns, 'actor', { jid: optionalAttr('jid'), nick: optionalAttr('nick') });

const itemIn = (ns: string) =>
  element(ns, 'item', {
    affiliation: optionalAttr('affiliation', affiliations),
    role: optionalAttr('role', roles),
    nick: optionalAttr('nick'),
    jid: optionalAttr('jid'),
    actor: maybe(actor(ns)),
    reason: childText('reason'),
  });

export const mucUserItem = itemIn(MUC_USER);
export const mucAdminItem = itemIn(MUC_ADMIN);
export type MucItem = TypeOf<typeof mucAdminItem>;

const status = element(MUC_USER, 'status', { code: attr('code', whole) });
const continued = element(MUC_USER, 'continue', { thread: optionalAttr('thread') });
/** §7.8.2; `to` on the way to the room, `from` on the way to the invited. */
const invite = element(MUC_USER, 'invite', {
  to: optionalAttr('to'),
  from: optionalAttr('from'),
  reason: childText('reason'),
  continue: maybe(continued),
});
const decline = element(MUC_USER, 'decline', {
  to: optionalAttr('to'),
  from: optionalAttr('from'),
  reason: childText('reason'),
});
const destroyIn = (ns: string) =>
  element(ns, 'destroy', { jid: optionalAttr('jid'), password: childText('password'), reason: childText('reason') });

export const mucUser = element(MUC_USER, 'x', {
  items: all(mucUserItem),
  invites: all(invite),
  decline: maybe(decline),
  destroy: maybe(destroyIn(MUC_USER)),
  password: childText('password'),
  statuses: all(status),
});
export type MucUser = TypeOf<typeof mucUser>;

// ── muc#admin: moderation (§8, §9) ───────────────────────────────────────────

export const mucAdmin = element(MUC_ADMIN, 'query', { items: all(mucAdminItem) });

// ── muc#owner: configuration (§10) ───────────────────────────────────────────

export const mucOwner = element(MUC_OWNER, 'query', { form: maybe(dataForm), destroy: maybe(destroyIn(MUC_OWNER)) });
