/** Who is in the room and how their presence looks (XEP-0045 §7.2.2): rendered once a change, kept, and shared by all who get it. */

import type { Member } from '../../core/event.ts';
import type { PersonId } from '../../core/ids.ts';
import { whole, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { valueField } from '../../xmpp/xep/0004-data-forms.ts';
import { MUC, MUC_STABLE_ID } from '../../xmpp/xep/0045-muc.ts';
import { OCCUPANT_ID } from '../../xmpp/xep/0421-occupant-ids.ts';
import { type Photo, photoOf, writePhoto } from '../photos.ts';
import { writeShown } from '../shown.ts';
import { factsOf, hatsOf, sameFacts } from './facts.ts';
import type { FaceState, Out, RoomFeature } from './feature.ts';
import { identityOf } from './identity.ts';
import { alike, keepLook, type Looks, lookOf } from './looks.ts';
import type { Entry, Occupant, Room } from './room.ts';
import { standings } from './standing.ts';

/** The address of a network person as a contact of ours. */
export function contactJid({ context }: FaceState, person: Occupant['person']): string {
  const { on } = context.account;
  const local = context.addresses.format(
    on === undefined ? { is: 'person', id: person } : { is: 'person', id: person, on },
  );
  return `${local}@${context.domain}`;
}

/** `jid` of the item (45-51): the contact, with the network's own address behind it where that is known. */
export function itemJid(face: FaceState, occupant: Occupant): string {
  if (occupant.contact === undefined) {
    const contact = contactJid(face, occupant.person);
    const { address } = occupant.facts;
    occupant.contact = address === undefined ? contact : `${contact}/${address}`;
  }
  return occupant.contact;
}

/**
 * `<occupant-id/>` (421-02). Our own is made from the owner's bare JID, whatever the network calls us (421-03); others keep theirs through changes of
 * nick: a client takes them for another person else.
 */
export function occupantIdOf(face: FaceState, room: Room, occupant: Occupant): Xml {
  if (occupant.id === undefined) {
    const identity = occupant === room.me ? face.context.account.owner : occupant.identity;
    occupant.id = occupantIdElement(face.context.occupantId(room.jid, identity));
  }
  return occupant.id;
}

/** Of an id that is made already. */
export const occupantIdElement = (id: string): Xml => xml`<occupant-id xmlns='urn:xmpp:occupant-id:0' id=${id}/>`;

/** The body of an available presence for everybody but its own clients. */
export function presenceOf(face: FaceState, room: Room, occupant: Occupant): Xml {
  if (occupant.presence !== undefined) return occupant.presence;
  const photo = photoOf(face, occupant.facts.avatar);
  if (occupant === room.me) return render(face, room, occupant, photo);
  const looks = looksIn(face, room);
  const look = lookOf(looks, occupant, photo);
  if (look === undefined) {
    const id = occupantIdOf(face, room, occupant);
    const presence = whole(render(face, room, occupant, photo));
    keepLook(looks, room, Object.assign(occupant, { id, presence }), photo);
    return presence;
  }
  occupant.id = look.id;
  occupant.presence = look.presence;
  const isThere = room.people.of(occupant.person) === occupant;
  if (isThere && sameFacts(look.facts, occupant.facts)) room.people.replace(occupant, look);
  return look.presence;
}

function looksIn({ context }: FaceState, room: Room): Looks {
  room.looks ??= context.looks(room.jid);
  return room.looks;
}

function render(face: FaceState, room: Room, occupant: Occupant, photo: Photo): Xml {
  const { affiliation, role } = standings[occupant.power];
  const presence = xml`${writeShown(occupant.facts)}<x xmlns='http://jabber.org/protocol/muc#user'>
    <item affiliation=${affiliation} role=${role} jid=${itemJid(face, occupant)}/>
  </x>${hatsOf(occupant.facts)}${writePhoto(photo)}${occupantIdOf(face, room, occupant)}`;
  occupant.presence = presence;
  return presence;
}

/**
 * 110: it is one's own. 100, that who is who is known to all, stands in the first alone (§7.2.3): Converse.js warns of it each time. 210: another nick than
 * the wished one.
 */
const codes = {
  entered: xml`<status code='100'/><status code='110'/>`,
  enteredRenamed: xml`<status code='100'/><status code='110'/><status code='210'/>`,
  usual: xml`<status code='110'/>`,
  renamed: xml`<status code='110'/><status code='210'/>`,
};

/** Our own presence for one client: its full JID in the item, and what kind of presence it is (45-23). */
export function ownPresence(face: FaceState, room: Room, me: Occupant, client: string, code: keyof typeof codes): Xml {
  const { affiliation, role } = standings[me.power];
  return xml`${room.appearance}<x xmlns='http://jabber.org/protocol/muc#user'>
    <item affiliation=${affiliation} role=${role} jid=${client}/>
    ${codes[code]}
  </x>${hatsOf(me.facts)}${writePhoto(photoOf(face, me.facts.avatar))}${occupantIdOf(face, room, me)}`;
}

/** Tells everybody who is in how this occupant is now. */
export function tellPresence(face: FaceState, room: Room, occupant: Occupant, out: Out, nickChanged = false): void {
  if (room.everybody.length === 0) return;
  if (occupant !== room.me) {
    const body = presenceOf(face, room, occupant);
    out.stanzas.push({ kind: 'presence', from: occupant.jid, to: room.everybody, body });
    room.people.renewed.delete(occupant.person);
    return;
  }
  for (const client of room.everybody) {
    const body = ownPresence(face, room, occupant, client, nickChanged ? 'renamed' : 'usual');
    out.stanzas.push({ kind: 'presence', from: occupant.jid, to: [client], body });
  }
}

/** Whoever is heard under another occupant-id than they were shown with is shown with it first (XEP-0421 §4): of all who are silent nobody need be told again. */
export function tellIfRenewed(face: FaceState, room: Room, person: PersonId, out: Out): void {
  if (room.people.renewed.size === 0 || !room.people.renewed.has(person)) return;
  const occupant = room.people.of(person);
  if (occupant !== undefined) tellPresence(face, room, occupant, out);
}

/** Puts a member into the room and tells nobody. One nick, one occupant: who had it before is replaced. */
export function place(face: FaceState, room: Room, member: Member, isMe: boolean): Occupant {
  const { person, nick, power } = member;
  const facts = factsOf(member);
  const identity = identityOf(room, person, member);
  const seen = { person, identity, nick, power, facts };
  const known = isMe ? undefined : alike(looksIn(face, room), seen, photoOf(face, facts.avatar));
  const occupant = known ?? {
    ...seen,
    jid: `${room.jid}/${nick}`,
    contact: undefined,
    id: undefined,
    presence: undefined,
  };
  room.people.add(occupant);
  if (isMe) room.me = occupant;
  return occupant;
}

/** Of somebody who is not there any more, and of whom nothing else is known: for who was told of them. */
export const vanished = (room: Room, nick: string, to: readonly string[]): Outgoing => ({
  kind: 'presence',
  type: 'unavailable',
  from: `${room.jid}/${nick}`,
  to,
  body: xml`<x xmlns='http://jabber.org/protocol/muc#user'><item affiliation='none' role='none'/></x>`,
});

/** So many of the others whom this client has not been told of. */
export function tellSome(face: FaceState, room: Room, entry: Entry, atMost: number, out: Out): void {
  // Who comes in or changes nick meanwhile stands at the end of the map, where this comes by.
  entry.telling ??= { of: room.people.all(), told: new Map() };
  const { of, told } = entry.telling;
  const to = [entry.client];
  while (out.stanzas.length < atMost) {
    const { value: occupant } = of.next();
    if (occupant === undefined) return;
    if (occupant === room.me) continue;
    const body = presenceOf(face, room, occupant);
    told.set(occupant.nick, body.text);
    out.stanzas.push({ kind: 'presence', from: occupant.jid, to, body });
  }
}

/** Everybody else's presence comes first (45-20); of those who were told of ahead, only what is not so any more. */
export const occupants: RoomFeature = {
  namespaces: [MUC, MUC_STABLE_ID, OCCUPANT_ID],
  info: (_, room) =>
    room.joined ? [valueField('muc#roominfo_occupants', [String(room.people.size)], 'text-single')] : [],
  joining(face, room, entry, out) {
    const told = entry.telling?.told;
    const to = [entry.client];
    for (const nick of told?.keys() ?? [])
      if (room.people.called(nick) === undefined) out.stanzas.push(vanished(room, nick, to));
    for (const occupant of room.people.all()) {
      if (occupant === room.me) continue;
      const body = presenceOf(face, room, occupant);
      if (told?.get(occupant.nick) === body.text) continue;
      out.stanzas.push({ kind: 'presence', from: occupant.jid, to, body });
    }
  },
};
