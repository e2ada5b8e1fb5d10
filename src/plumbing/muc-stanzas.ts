/** What a plumbing's occupants say to a MUC as its clients (XEP-0045 §7), and how what it says to them is read. */
import type { Element } from '../xml/element.ts';
import { child, childText } from '../xml/query.ts';
import { empty, type Xml, xml } from '../xml/writer.ts';
import { readError, type StanzaError } from '../xmpp/error.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { type MucUser, mucJoin, mucUser } from '../xmpp/xep/0045-muc.ts';
import { delay } from '../xmpp/xep/0203-delay.ts';
import { originId, STANZA_IDS, stanzaId } from '../xmpp/xep/0359-stanza-ids.ts';

/** Of a herald's presence: which room of which network its MUC is joined with, for other gateways' heralds. */
const joins = 'urn:isthmus:plumbing';
export const joinsRoom = (room: string): Xml => xml`<joins xmlns=${joins} room=${room}/>`;

const CAPTCHA = 'urn:xmpp:captcha';

export interface Joining {
  readonly looks?: Xml;
  /** From when on the past is wanted, epoch milliseconds; absent: nothing of it. */
  readonly since?: number | undefined;
  /** Where the MUC has one. */
  readonly password?: string | undefined;
}

/** §7.2. */
export function joinMuc(from: string, muc: string, nick: string, how: Joining = {}): Outgoing {
  const { looks = empty, since, password } = how;
  const history = since === undefined ? { maxchars: 0, maxstanzas: 0 } : { since: new Date(since) };
  const body = xml`${mucJoin.write({ history, ...(password !== undefined && { password }) })}${looks}`;
  return { kind: 'presence', from, to: [`${muc}/${nick}`], body };
}

/** §7.6: another nick, or other looks. */
export const appear = (from: string, muc: string, nick: string, looks: Xml = empty): Outgoing => ({
  kind: 'presence',
  from,
  to: [`${muc}/${nick}`],
  body: looks,
});

/** A MUC of thousands on a narrow way takes its time, and one that never comes to its end is not waited for. */
const toldWithinMs = 300_000;

/** How long to wait on for who asked to come in and is told of the others first. @param withinMs for each of them */
export const answerWait = (withinMs: number, askedAt: number, now: number): number =>
  Math.max(0, Math.min(withinMs, askedAt + toldWithinMs - now));

const leaving = 'leaving';

/** §7.14. */
export const leaveMuc = (from: string, muc: string, nick: string, reason: string): Outgoing => ({
  kind: 'presence',
  type: 'unavailable',
  from,
  to: [`${muc}/${nick}`],
  id: leaving,
  body: reason === '' ? empty : xml`<status>${reason}</status>`,
});

/** §7.4. */
export const sayInMuc = (from: string, muc: string, id: string, body: Xml): Outgoing => ({
  kind: 'message',
  type: 'groupchat',
  from,
  to: [muc],
  id,
  body,
});

/** Error conditions that mean that there is no such room. */
export const noRoom: ReadonlySet<string> = new Set(['item-not-found', 'gone']);

/** §10.1.1: the status of whose coming has made the room. */
export const madeByComing = 201;

/** What a MUC tells one of our occupants by presence. */
export interface Told {
  /** Of whom it tells. */
  readonly nick: string;
  readonly is: 'here' | 'gone' | 'refused';
  /** Of ourselves (§7.2.2). */
  readonly isSelf: boolean;
  readonly codes: ReadonlySet<number>;
  readonly affiliation: string;
  readonly role: string;
  /** With 303: the new one. */
  readonly newNick?: string;
  readonly isDestroyed: boolean;
  /** §10.9: where everybody is to go from a room that was destroyed. */
  readonly venue?: string;
  readonly reason?: string;
  /** It is the herald of a plumbing with that room. */
  readonly joins?: string;
  readonly error?: StanzaError;
}

/**
 * A presence from the MUC or from one of its occupants; undefined: it says nothing of the room. That we can't leave it is no word about coming in: services say
 * that there is no such room while they have only not read it yet.
 */
export function readPresence(stanza: Stanza): Told | undefined {
  const nick = stanza.from.resource;
  const error = readError(stanza);
  if (error !== undefined && stanza.id === leaving) return undefined;
  const base = nobody(nick);
  if (error !== undefined) return { ...base, is: 'refused', isSelf: true, error };
  const is = stanza.type === undefined ? 'here' : stanza.type === 'unavailable' ? 'gone' : undefined;
  if (is === undefined || nick === '') return undefined;
  const x = mucUser.in(stanza.el);
  if (x === undefined) return { ...base, is, isSelf: false };
  const room = child(stanza.el, 'joins', joins)?.attrs.room;
  return { ...base, is, ...told(x), ...(room !== undefined && { joins: room }) };
}

/** Who comes in is to solve a captcha first (XEP-0158), which is for people: the same as a refusal. undefined: it is something else. */
export function captchaIn({ from, el }: Stanza): Told | undefined {
  if (from.resource !== '' || child(el, 'captcha', CAPTCHA) === undefined) return undefined;
  const error = { type: 'auth', condition: 'captcha' };
  return { ...nobody(''), is: 'refused', isSelf: true, error };
}

const nobody = (nick: string): Pick<Told, 'nick' | 'isDestroyed' | 'affiliation' | 'role' | 'codes'> => ({
  ...{ nick, isDestroyed: false, affiliation: 'none', role: 'none', codes: new Set() },
});

function told(x: MucUser): Pick<Told, 'isSelf' | 'codes' | 'affiliation' | 'role' | 'isDestroyed'> & Partial<Told> {
  const [item] = x.items;
  const codes = new Set(x.statuses.map(({ code }) => code));
  const reason = item?.reason ?? x.destroy?.reason;
  return {
    isSelf: codes.has(110),
    codes,
    affiliation: item?.affiliation ?? 'none',
    role: item?.role ?? 'none',
    isDestroyed: x.destroy !== undefined,
    ...(item?.nick !== undefined && { newNick: item.nick }),
    ...(reason !== undefined && { reason }),
    ...(x.destroy?.jid !== undefined && { venue: x.destroy.jid }),
  };
}

/** A message that a MUC says, or once said. */
export interface Line {
  /** '': the room itself. */
  readonly nick: string;
  /** The stanza's own id. */
  readonly id: string | undefined;
  readonly originId: string | undefined;
  /** The archive's name (XEP-0359), where it has one. */
  readonly archived: string | undefined;
  /** Of the past: when it was said, epoch milliseconds. */
  readonly at: number | undefined;
  readonly el: Element;
  /** What it is called, where what it says of itself would be the name of another or none. */
  readonly name?: string;
}

/** @param archived its name, where a page of the archive says it; `at` too */
export function readLine(el: Element, muc: string, archived?: string, at?: number): Line {
  const { from = '', id } = el.attrs;
  const nick = from.startsWith(`${muc}/`) ? from.slice(muc.length + 1) : '';
  const own = el.children.flatMap((one) => (typeof one === 'string' ? [] : (stanzaId.read(one) ?? [])));
  return {
    nick,
    id,
    originId: originId.in(el)?.id,
    archived: archived ?? own.find(({ by }) => by === muc)?.id,
    at: at ?? delay.in(el)?.stamp.getTime(),
    el,
  };
}

/** `<origin-id/>`: what stays with a message where a service gives it another id. */
export const originIdOf = (id: string): Xml => xml`<origin-id xmlns=${STANZA_IDS} id=${id}/>`;

/** A subject and nothing said (§8.1); undefined: it is none. */
export function subjectIn(el: Element): string | undefined {
  const isSaid = child(el, 'body') !== undefined || child(el, 'thread') !== undefined;
  return isSaid ? undefined : childText(el, 'subject');
}

/** What it is called: without an archive that names it, a message is known by who said it and by their name of it. undefined: it has no name. */
export function nameOf({ name, archived, nick, id, originId: own = id }: Line): string | undefined {
  return name ?? archived ?? (own === undefined ? undefined : `${nick}\n${own}`);
}
