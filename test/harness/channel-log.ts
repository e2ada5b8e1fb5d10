/** What happened in an IRC channel, and what clients were told of it as a room: as the same words, to be compared. */
import type { Element } from '../../src/xml/element.ts';
import { bodyOf, child, codesOf, show, textOf } from './markup.ts';
import { isSubject } from './xmpp-client.ts';

/** "say nick text", "join nick", "leave nick", "kick nick", "rename nick nick", "topic text". */
export type Happening = string;

/** In the order of the server, to somebody who was there from the beginning. @param names who is in: changed as it is read */
export function happened(lines: readonly string[], channel: string, names: Set<string>): readonly Happening[] {
  return lines.flatMap((raw): readonly Happening[] => {
    const [, who = '', verb = '', place = '', rest = ''] =
      /^(?:@\S+ )?:([^! ]+)\S* (\S+) :?(\S*) ?(.*)$/.exec(raw) ?? [];
    const text = rest.replace(/^:/, '');
    if (verb === 'NICK') return names.delete(who) && names.add(place) ? [`rename ${who} ${place}`] : [];
    if (place !== channel) return [];
    if (verb === 'PRIVMSG') return [`say ${who} ${text}`];
    if (verb === 'TOPIC') return [`topic ${text}`];
    const [whom = ''] = verb === 'KICK' ? rest.split(' ') : [who];
    if (verb === 'JOIN') names.add(whom);
    else if (verb === 'PART' || verb === 'KICK') names.delete(whom);
    else return [];
    return [`${verb === 'JOIN' ? 'join' : verb === 'PART' ? 'leave' : 'kick'} ${whom}`];
  });
}

/** From a client's self-presence to its unavailable, or to now. */
export interface Visit {
  /** Who is shown. */
  readonly names: Set<string>;
  /** What was told as past, remarks of the room among it. */
  readonly past: Happening[];
  /** Behind the subject. */
  readonly live: Happening[];
  isEntered: boolean;
  isOver: boolean;
}

/** What one client was told of a room, and what is wrong with that by itself: somebody speaks who is not shown, say. */
export class RoomLog {
  readonly visits: Visit[] = [];
  readonly wrong: string[] = [];
  #names = new Set<string>();
  #now: Visit | undefined;
  #renamed: string | undefined;

  constructor(stanzas: readonly Element[], room: string) {
    for (const one of stanzas) {
      const [bare, nick = ''] = (one.attrs.from ?? '').split('/');
      if (bare !== room || one.attrs.type === 'error') continue;
      if (one.name === 'presence') this.#presence(one, nick);
      else if (one.name === 'message' && this.#now === undefined) this.#blame('told to who is not in', one);
      else if (one.name === 'message') this.#message(one, nick, this.#now);
    }
  }

  #blame(what: string, stanza: Element): void {
    this.wrong.push(`${what}: ${show(stanza)}`);
  }

  #presence(one: Element, nick: string): void {
    const codes = codesOf(one);
    const now = this.#now;
    if (one.attrs.type === 'unavailable') {
      if (now !== undefined) this.#goes(one, nick, now, codes);
      return;
    }
    const names = now?.names ?? this.#names;
    const isNew = !names.has(nick);
    names.add(nick);
    if (now !== undefined && isNew && nick !== this.#renamed) now.live.push(`join ${nick}`);
    if (nick === this.#renamed) this.#renamed = undefined;
    else if (codes.includes(100) && now !== undefined) this.#blame('let in twice', one);
    if (now !== undefined || !codes.includes(110)) return;
    this.#now = { names, past: [], live: [], isEntered: false, isOver: false };
    this.visits.push(this.#now);
    this.#names = new Set();
  }

  #goes(one: Element, nick: string, now: Visit, codes: readonly number[]): void {
    if (!now.names.delete(nick)) this.#blame('goes, and is not shown', one);
    const item = child(child(one, 'x', 'http://jabber.org/protocol/muc#user'), 'item');
    this.#renamed = codes.includes(303) ? item?.attrs.nick : undefined;
    if (this.#renamed !== undefined) now.live.push(`rename ${nick} ${this.#renamed}`);
    else if (codes.includes(110)) {
      now.isOver = true;
      this.#now = undefined;
    } else now.live.push(`${codes.includes(307) ? 'kick' : 'leave'} ${nick}`);
  }

  #message(one: Element, nick: string, now: Visit | undefined): void {
    if (now === undefined) return;
    const isPast = child(one, 'delay') !== undefined;
    if (isSubject(one)) {
      if (now.isEntered) now.live.push(`topic ${textOf(child(one, 'subject'))}`);
      now.isEntered = true;
      return;
    }
    const said = `say ${nick} ${bodyOf(one)}`;
    if (isPast === now.isEntered) this.#blame(isPast ? 'past behind the subject' : 'live before it', one);
    if (isPast) now.past.push(said);
    else if (nick !== '') {
      if (!now.names.has(nick)) this.#blame('speaks, and is not shown', one);
      now.live.push(said);
    }
  }
}

const isSaid = (one: Happening | undefined): boolean => one?.startsWith('say ') === true;

/**
 * Is what a client was told of a visit all that happened, from some moment on, until it left or until now? What changed while it was being let in is in the list that
 * it got; what was said then is told behind it.
 */
export function isWhole({ live, isOver }: Visit, all: readonly Happening[]): boolean {
  const early = live.findIndex((one) => !isSaid(one));
  const first = early < 0 ? live.length : early;
  const fitsFrom = (start: number): boolean => {
    let at = start;
    for (let n = 0; n < first; n++, at++) {
      while (n > 0 && at < all.length && !isSaid(all[at])) at++;
      if (all[at] !== live[n]) return false;
    }
    for (; ; at++) {
      const end = at + live.length - first;
      if ((isOver || end === all.length) && live.slice(first).every((one, n) => all[at + n] === one)) return true;
      if (at >= all.length || isSaid(all[at])) return false;
    }
  };
  return Array.from({ length: all.length + 1 }, (_, start) => start).some(fitsFrom);
}
