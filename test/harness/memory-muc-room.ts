/** A room of a MUC service in memory, as it is kept. */
import type { Element } from '../../src/xml/element.ts';
import { escapeAttribute as attr, escapeText } from '../../src/xml/escape.ts';
import { write } from '../../src/xml/writer.ts';
import type { Kept } from './memory-muc-archive.ts';

export type Affiliation = 'owner' | 'admin' | 'member' | 'none' | 'outcast';

/** Somebody in it. */
export interface Occupant {
  readonly jid: string;
  nick: string;
  role: 'moderator' | 'participant' | 'visitor';
  /** What its presence has besides. */
  shows: readonly Element[];
}

/** One that stays. */
export interface Room extends RoomRules {
  readonly jid: string;
  readonly occupants: Map<string, Occupant>;
  readonly affiliations: Map<string, Affiliation>;
  readonly past: Kept[];
  subject: { readonly text: string; readonly by: string; readonly at?: Date };
}

/** Who comes in, and who may speak. */
export interface RoomRules {
  isMembersOnly: boolean;
  isModerated: boolean;
  /** §8.1: only moderators change its subject. */
  keepsSubject: boolean;
  password: string | undefined;
  /** Who has no rank is to solve one first. */
  wantsCaptcha: boolean;
  /** So many occupants, but for owners. */
  atMost: number;
  /** Its service has not read it yet: for who does not come in it is not there. */
  isAsleep: boolean;
}

/** With nobody in it. */
export const roomOf = (jid: string): Room => ({
  jid,
  occupants: new Map(),
  affiliations: new Map(),
  past: [],
  subject: { text: '', by: '' },
  isMembersOnly: false,
  isModerated: false,
  keepsSubject: false,
  password: undefined,
  wantsCaptcha: false,
  atMost: Number.POSITIVE_INFINITY,
  isAsleep: false,
});

/** What others see of a presence: all but what is for the room alone. */
export const shownIn = ({ children }: Element): readonly Element[] =>
  children.filter(
    (one): one is Element => typeof one !== 'string' && !one.ns.startsWith('http://jabber.org/protocol/muc'),
  );

/** With which type and condition somebody of that rank is not let in; undefined: they are. @param password as they said it */
export function refusalOf(
  room: Room,
  rank: Affiliation,
  from: string,
  password: string,
): readonly [type: string, condition: string] | undefined {
  const isFull = room.occupants.size >= room.atMost && rank !== 'owner' && !room.occupants.has(from);
  if (rank === 'outcast') return ['auth', 'forbidden'];
  if (room.isMembersOnly && rank === 'none') return ['auth', 'registration-required'];
  if (room.password !== undefined && password !== room.password) return ['auth', 'not-authorized'];
  return isFull ? ['wait', 'service-unavailable'] : undefined;
}

export const bareOf = (jid: string): string => jid.split('/', 1)[0] ?? '';
export const resourceOf = (jid: string): string => jid.slice(bareOf(jid).length + 1);

/** What whoever comes in is told last: with the time at which it was set, as Prosody does. */
export function subjectOf({ jid, subject }: Room, to: string): string {
  const from = subject.by === '' ? jid : `${jid}/${subject.by}`;
  const { at } = subject;
  const delay =
    at === undefined ? '' : `<delay xmlns='urn:xmpp:delay' from='${attr(jid)}' stamp='${at.toISOString()}'/>`;
  return `<message type='groupchat' from='${attr(from)}' to='${attr(to)}'><subject>${escapeText(subject.text)}</subject>${delay}</message>`;
}

/** What whoever comes in is told instead of anything else. */
export const captchaOf = ({ jid }: Room, to: string): string =>
  `<message from='${attr(jid)}' to='${attr(to)}' id='captcha'><captcha xmlns='urn:xmpp:captcha'/><body>Solve this</body></message>`;

export function messageTo({ attrs, children }: Element, to: string, more: string): string {
  const { to: _, ...rest } = attrs;
  const all = Object.entries({ ...rest, to }).map(([name, value]) => ` ${name}='${attr(value ?? '')}'`);
  return `<message${all.join('')}>${children.map((one) => (typeof one === 'string' ? '' : write(one, 'jabber:client').text.replace(/ xmlns='(?:jabber:client)?'/, ''))).join('')}${more}</message>`;
}

export const idOf = (room: Room, id: string): string =>
  `<stanza-id xmlns='urn:xmpp:sid:0' by='${attr(room.jid)}' id='${id}'/>`;

export const because = (affiliation: string, reason: string): string =>
  `<item affiliation='${affiliation}' role='none'><reason>${escapeText(reason)}</reason></item>`;

export const affiliationOf = (room: Room, jid: string): Affiliation => room.affiliations.get(bareOf(jid)) ?? 'none';

export function itemOf(room: Room, one: Occupant, role: string = one.role): string {
  return `<item affiliation='${affiliationOf(room, one.jid)}' role='${role}'/>`;
}
