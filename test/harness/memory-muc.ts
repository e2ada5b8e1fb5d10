/**
 * A MUC service within the test's own process, as XEP-0045 asks as far as scenarios go: rooms that stay, ranks, kicks and bans, history and an archive, restarts.
 * It tells occupants apart by full JIDs, as services do. Not for use outside of tests.
 */
import { parse } from '../../src/xml/document.ts';
import type { Element } from '../../src/xml/element.ts';
import { escapeAttribute, escapeText } from '../../src/xml/escape.ts';
import { write } from '../../src/xml/writer.ts';
import { child, textOf } from './markup.ts';
import { pageOf } from './memory-muc-archive.ts';
import type { MemoryMuc, MemoryMucOptions } from './memory-muc-port.ts';
import {
  affiliationOf,
  bareOf,
  because,
  captchaOf,
  idOf,
  itemOf,
  messageTo,
  type Occupant,
  type Room,
  refusalOf,
  resourceOf,
  roomOf,
  shownIn,
  subjectOf,
} from './memory-muc-room.ts';

const user = 'http://jabber.org/protocol/muc#user';
const stanzas = 'urn:ietf:params:xml:ns:xmpp-stanzas';
const attr = escapeAttribute;

export function createMemoryMuc({ domain, now, deliver }: MemoryMucOptions): MemoryMuc {
  const rooms = new Map<string, Room>();
  /** Made by somebody's coming: they go with the last who is in them. */
  const fleeting = new Set<Room>();
  let [ids, swallowed, taken] = [0, 0, 0];

  function tell(markup: string): void {
    if (!muc.isAway) deliver(parse(markup));
  }

  function presence(room: Room, of: Occupant, to: Occupant, codes: readonly number[] = []): void {
    const self = of.jid === to.jid ? [100, 110, ...codes] : codes;
    const told = self.map((code) => `<status code='${code}'/>`).join('');
    const shown = of.shows.filter(({ name }) => name !== muc.hides).map((one) => write(one).text);
    tell(
      `<presence from='${attr(`${room.jid}/${of.nick}`)}' to='${attr(to.jid)}'>${shown.join('')}<x xmlns='${user}'>${itemOf(room, of)}${told}</x></presence>`,
    );
  }

  /** That occupant is out; everybody else hears it. */
  function out(
    room: Room,
    of: Occupant,
    inside: string,
    codes: readonly number[],
    item = itemOf(room, of, 'none'),
  ): void {
    for (const to of room.occupants.values()) {
      const all = (of.jid === to.jid ? [110, ...codes] : codes).map((code) => `<status code='${code}'/>`).join('');
      tell(
        `<presence type='unavailable' from='${attr(`${room.jid}/${of.nick}`)}' to='${attr(to.jid)}'>${inside}<x xmlns='${user}'>${item}${all}</x></presence>`,
      );
    }
  }

  function remove(room: Room, of: Occupant, inside: string, codes: readonly number[], item?: string): void {
    out(room, of, inside, codes, item);
    room.occupants.delete(of.jid);
    if (room.occupants.size === 0 && fleeting.has(room)) rooms.delete(room.jid);
  }

  function refuse({ name, attrs }: Element, type: string, condition: string): void {
    if (attrs.type === 'error' || attrs.type === 'result') return;
    const id = attrs.id === undefined ? '' : ` id='${attr(attrs.id)}'`;
    tell(
      `<${name} type='error'${id} from='${attr(attrs.to ?? '')}' to='${attr(attrs.from ?? '')}'><error type='${type}'><${condition} xmlns='${stanzas}'/></error></${name}>`,
    );
  }

  function join(stanza: Element, room: Room, isNew: boolean): void {
    const { from = '', to = '' } = stanza.attrs;
    const nick = resourceOf(to);
    const rank = affiliationOf(room, from);
    const refusal = refusalOf(room, rank, from, textOf(child(child(stanza, 'x'), 'password')));
    if (refusal !== undefined) {
      refuse(stanza, ...refusal);
      return;
    }
    if (room.wantsCaptcha && rank === 'none') {
      tell(captchaOf(room, from));
      return;
    }
    const holder = [...room.occupants.values()].find((one) => one.nick === nick);
    if (holder !== undefined && bareOf(holder.jid) !== bareOf(from)) {
      refuse(stanza, 'cancel', 'conflict');
      return;
    }
    const role =
      rank === 'owner' || rank === 'admin'
        ? 'moderator'
        : room.isModerated && rank === 'none'
          ? 'visitor'
          : 'participant';
    const known = room.occupants.get(from);
    const one: Occupant = { jid: from, nick, role, shows: shownIn(stanza) };
    room.occupants.set(from, one);
    for (const other of room.occupants.values()) if (other !== one) presence(room, other, one);
    if (known === undefined) for (const other of room.occupants.values()) if (other !== one) presence(room, one, other);
    presence(room, one, one, isNew ? [201] : []);
    history(stanza, room, one);
    tell(subjectOf(room, from));
  }

  function history(stanza: Element, room: Room, { jid }: Occupant): void {
    const wish = child(child(stanza, 'x'), 'history')?.attrs ?? {};
    const since = wish.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(wish.since);
    const shown = room.past.filter(({ at }) => at.getTime() >= since).slice(-20);
    if (wish.maxstanzas === '0' || wish.maxchars === '0') return;
    for (const { stanza: said, at, id } of shown) {
      const delay = `<delay xmlns='urn:xmpp:delay' from='${attr(room.jid)}' stamp='${at.toISOString()}'/>`;
      tell(messageTo(said, jid, muc.hasArchive ? idOf(room, id) + delay : delay));
    }
  }

  function hearPresence(stanza: Element): void {
    const { from = '', to = '', type } = stanza.attrs;
    if (muc.ignores !== undefined && from.startsWith(muc.ignores)) return;
    const known = rooms.get(bareOf(to));
    const occupant = known?.occupants.get(from);
    if (type === 'unavailable') {
      // As services do with a room that they don't have, or have not read yet.
      if (known === undefined || known.isAsleep) refuse(stanza, 'cancel', 'item-not-found');
      if (known === undefined || occupant === undefined) return;
      remove(
        known,
        occupant,
        child(stanza, 'status') === undefined ? '' : `<status>${escapeText(textOf(child(stanza, 'status')))}</status>`,
        [],
      );
      return;
    }
    if (type !== undefined) return;
    const room = known ?? roomOf(bareOf(to));
    room.isAsleep = false;
    if (known === undefined) {
      rooms.set(room.jid, room);
      fleeting.add(room);
      room.affiliations.set(bareOf(from), 'owner');
    }
    const nick = resourceOf(to);
    if (child(stanza, 'x', 'http://jabber.org/protocol/muc') !== undefined) join(stanza, room, known === undefined);
    else if (occupant === undefined) refuse(stanza, 'cancel', 'not-acceptable');
    else if (nick !== occupant.nick) rename(stanza, room, occupant, nick);
    else {
      occupant.shows = shownIn(stanza);
      for (const other of room.occupants.values()) presence(room, occupant, other);
    }
  }

  function rename(stanza: Element, room: Room, one: Occupant, nick: string): void {
    if ([...room.occupants.values()].some((other) => other.nick === nick)) {
      refuse(stanza, 'cancel', 'conflict');
      return;
    }
    out(room, one, '', [303], `<item affiliation='none' role='${one.role}' nick='${attr(nick)}'/>`);
    one.nick = nick;
    for (const to of room.occupants.values()) presence(room, one, to);
  }

  function hearMessage(stanza: Element): void {
    const { from = '', to = '', type } = stanza.attrs;
    const room = rooms.get(bareOf(to));
    const speaker = room?.occupants.get(from);
    if (type === 'error' && resourceOf(to) === '') return;
    if (room === undefined || speaker === undefined) {
      if (room === undefined) refuse(stanza, 'cancel', 'item-not-found');
      else refuse(stanza, 'modify', 'not-acceptable');
      return;
    }
    if (type === 'groupchat') {
      say(stanza, room, speaker);
      return;
    }
    const other = [...room.occupants.values()].find(({ nick }) => nick === resourceOf(to));
    if (other === undefined) {
      refuse(stanza, 'cancel', 'item-not-found');
      return;
    }
    tell(messageTo({ ...stanza, attrs: { ...stanza.attrs, from: `${room.jid}/${speaker.nick}` } }, other.jid, ''));
  }

  function say(stanza: Element, room: Room, speaker: Occupant): void {
    if (speaker.role === 'visitor') {
      refuse(stanza, 'auth', 'forbidden');
      return;
    }
    if (muc.dislikes !== undefined && textOf(child(stanza, 'body')).includes(muc.dislikes)) {
      refuse(stanza, 'cancel', 'not-acceptable');
      return;
    }
    if (muc.swallows !== undefined && textOf(child(stanza, 'body')).includes(muc.swallows)) {
      swallowed++;
      return;
    }
    const said = { ...stanza, attrs: { ...stanza.attrs, from: `${room.jid}/${speaker.nick}` } };
    const id = `kept-${++ids}`;
    const isSubject = child(stanza, 'subject') !== undefined && child(stanza, 'body') === undefined;
    if (isSubject && room.keepsSubject && speaker.role !== 'moderator') {
      refuse(stanza, 'auth', 'forbidden');
      return;
    }
    if (isSubject) room.subject = { text: textOf(child(stanza, 'subject')), by: speaker.nick, at: new Date(now()) };
    else room.past.push({ id, at: new Date(now()), stanza: said });
    for (const { jid } of room.occupants.values())
      tell(messageTo(said, jid, muc.hasArchive && !isSubject ? idOf(room, id) : ''));
  }

  function hearIq(stanza: Element): void {
    const { from = '', to = '', id = '', type } = stanza.attrs;
    const room = rooms.get(bareOf(to));
    const asker = room?.occupants.get(from);
    const asked = [...(room?.occupants.values() ?? [])].find(({ nick }) => nick === resourceOf(to));
    if (asker !== undefined && asked !== undefined && asked !== asker) {
      tell(write({ ...stanza, attrs: { ...stanza.attrs, from: `${room?.jid}/${asker.nick}`, to: asked.jid } }).text);
      return;
    }
    if (type !== 'get' && type !== 'set') return;
    const result = (inside: string): void =>
      tell(`<iq type='result' id='${attr(id)}' from='${attr(to)}' to='${attr(from)}'>${inside}</iq>`);
    if (child(stanza, 'ping') !== undefined && resourceOf(to) !== '') {
      // XEP-0410: only who is in is answered.
      if (room?.occupants.get(from)?.nick === resourceOf(to)) result('');
      else refuse(stanza, 'cancel', 'not-acceptable');
      return;
    }
    const taken = child(stanza, 'moderate', 'urn:xmpp:message-moderate:1');
    if (room !== undefined && taken !== undefined && muc.knowsModeration) {
      if (asker?.role !== 'moderator') refuse(stanza, 'auth', 'forbidden');
      else {
        takesBack(room, taken.attrs.id ?? '', textOf(child(taken, 'reason')));
        result('');
      }
      return;
    }
    const query = child(stanza, 'query', 'urn:xmpp:mam:2');
    if (query === undefined || room === undefined || !muc.hasArchive) refuse(stanza, 'cancel', 'service-unavailable');
    else {
      const page = pageOf(query, room.past);
      if (page === undefined) {
        refuse(stanza, 'cancel', 'item-not-found');
        return;
      }
      const { told, fin } = page;
      for (const { id, at, stanza } of told) {
        const forwarded = messageTo(stanza, room.jid, '').replace('<message', `<message xmlns='jabber:client'`);
        tell(
          `<message from='${attr(room.jid)}' to='${attr(from)}'><result xmlns='urn:xmpp:mam:2' queryid='${query.attrs.queryid ?? ''}' id='${id}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='${at.toISOString()}'/>${forwarded}</forwarded></result></message>`,
        );
      }
      result(fin);
    }
  }

  /** XEP-0425 §3. */
  function takesBack(room: Room, id: string, reason: string): void {
    const inside = `<moderated xmlns='urn:xmpp:message-moderate:1'/><reason>${escapeText(reason)}</reason>`;
    for (const { jid } of room.occupants.values())
      tell(
        `<message type='groupchat' from='${attr(room.jid)}' to='${attr(jid)}' id='m${++ids}'><retract xmlns='urn:xmpp:message-retract:1' id='${attr(id)}'>${inside}</retract>${idOf(room, `kept-${ids}`)}</message>`,
      );
  }

  const inRoom = (name: string): Room => {
    const room = rooms.get(name);
    if (room === undefined) throw new Error(`there is no ${name}`);
    return room;
  };
  const byNick = (room: Room, nick: string): Occupant => {
    const found = [...room.occupants.values()].find((one) => one.nick === nick);
    if (found === undefined) throw new Error(`nobody in ${room.jid} is called ${nick}`);
    return found;
  };

  const muc: MemoryMuc = {
    domain,
    isAway: false,
    isTold: false,
    hasArchive: true,
    knowsModeration: true,
    hides: undefined,
    swallows: undefined,
    dislikes: undefined,
    ignores: undefined,
    get swallowed() {
      return swallowed;
    },
    get taken() {
      return taken;
    },
    take(stanza) {
      taken++;
      if (muc.isAway) {
        if (!muc.isTold) return;
        muc.isAway = false;
        refuse(stanza, 'cancel', 'remote-server-not-found');
        muc.isAway = true;
      } else if (stanza.name === 'presence') hearPresence(stanza);
      else if (stanza.name === 'message') hearMessage(stanza);
      else hearIq(stanza);
    },
    found(name, owner, how = {}) {
      const room = { ...roomOf(`${name}@${domain}`), ...how };
      room.affiliations.set(owner, 'owner');
      rooms.set(room.jid, room);
      return room.jid;
    },
    nicks: (room) => [...inRoom(room).occupants.values()].map(({ nick }) => nick),
    jidOf: (room, nick) => [...inRoom(room).occupants.values()].find((one) => one.nick === nick)?.jid,
    affiliate(name, bare, affiliation) {
      inRoom(name).affiliations.set(bare, affiliation);
    },
    kick(name, nick, reason) {
      const room = inRoom(name);
      remove(room, byNick(room, nick), '', [307], because('none', reason));
    },
    ban(name, nick, reason) {
      const room = inRoom(name);
      const one = byNick(room, nick);
      room.affiliations.set(bareOf(one.jid), 'outcast');
      remove(room, one, '', [301], because('outcast', reason));
    },
    restart(how) {
      for (const room of rooms.values()) {
        for (const one of [...room.occupants.values()]) {
          if (how === 'told')
            tell(
              `<presence type='unavailable' from='${attr(`${room.jid}/${one.nick}`)}' to='${attr(one.jid)}'><x xmlns='${user}'>${itemOf(room, one, 'none')}<status code='110'/><status code='332'/></x></presence>`,
            );
          room.occupants.delete(one.jid);
        }
      }
    },
    change: (name, how) => void Object.assign(inRoom(name), how),
    takesBack: (name, id, reason) => takesBack(inRoom(name), id, reason),
    gives(name, nick, role) {
      const room = inRoom(name);
      const one = byNick(room, nick);
      one.role = role;
      for (const to of room.occupants.values()) presence(room, one, to);
    },
    subject: (name) => inRoom(name).subject.text,
    said: (name) =>
      inRoom(name).past.map(({ stanza }) => `${resourceOf(stanza.attrs.from ?? '')}: ${textOf(child(stanza, 'body'))}`),
    destroy(name, venue) {
      const to = venue === undefined ? '' : ` jid='${attr(venue)}'`;
      const room = inRoom(name);
      for (const one of [...room.occupants.values()])
        tell(
          `<presence type='unavailable' from='${attr(`${room.jid}/${one.nick}`)}' to='${attr(one.jid)}'><x xmlns='${user}'><item affiliation='none' role='none'/><destroy${to}/></x></presence>`,
        );
      rooms.delete(name);
    },
    loses: (name) => void rooms.delete(name),
    has: (name) => rooms.has(name),
    forgets: (name) => void inRoom(name).past.splice(0),
  };
  return muc;
}
