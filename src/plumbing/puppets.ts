/**
 * The network's people in a MUC: whoever speaks there gets an occupant of their own, which goes when they go, or when others speak and they have not for
 * long. Whoever a moderator puts out stays out for a while, and is not spoken for either; nor is whom one has taken the voice, until they have it again.
 */
import type { Clock } from '../bridge/contract.ts';
import type { Xml } from '../xml/writer.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { answerWait, appear, joinMuc, leaveMuc, madeByComing, type Told } from './muc-stanzas.ts';
import type { Nicks } from './nicks.ts';

/** In whose name something can be said: their own occupant's, once it is in; the herald's; nobody's. */
export type Voice =
  | { readonly is: 'own'; readonly from: string; readonly nick: string }
  | { readonly is: 'coming' }
  | { readonly is: 'herald' }
  | { readonly is: 'muted' };

export interface PuppetsParts {
  readonly muc: string;
  /** Put behind a nick that is taken. */
  readonly suffix: string;
  /** The full JID of whoever is called so on the network; undefined: of nobody who is there. */
  address(nick: string): string | undefined;
  /** What presence says of their picture. */
  looks(nick: string): Xml;
  send(stanzas: readonly Outgoing[]): void;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Somebody's voice may be another now. */
  onChange(): void;
  /** The room lets none of them in, for some time. */
  onClosed(condition: string): void;
  /** It has let one in. */
  onOpen(): void;
  readonly password?: string | undefined;
  /** The MUC can't be reached: it answers nobody, or not as a room does. */
  onDoubt(): void;
  readonly atMost?: number;
}

export interface Puppets {
  /** Asks for an occupant where there is none yet. @param nick on the network */
  voice(nick: string): Voice;
  readonly nicks: Nicks;
  /** Is that presence for one of them of somebody else? Each is told of everybody. */
  isOfOthers(to: string, nick: string): boolean;
  /** A presence for one of them; false: there is none of that address. */
  hear(to: string, told: Told): boolean;
  /** The MUC says that it does not know them. */
  out(from: string): void;
  renamed(nick: string, to: string): void;
  /** They left the network's room. */
  left(nick: string, reason: string): void;
  /** We have come into the network's room: who is not in it any more goes. */
  lookAround(): void;
  /** The MUC has forgotten all of them. */
  forget(): void;
  leaveAll(reason: string): void;
  readonly size: number;
}

interface Puppet {
  readonly jid: string;
  /** On the network. */
  name: string;
  /** In the MUC, or asked for. */
  nick: string;
  state: 'entering' | 'in';
  hasVoice: boolean;
  tries: number;
  usedAt: number;
  /** When it asked to come in. */
  askedAt: number;
  cancel: () => void;
}

/** As many of one plumbing. */
const puppetsAtMost = 200;
/** Who spoke so lately does not go for others. */
const busyMs = 60_000;
/** Who has not for so long goes where the MUC is full. */
const silentMs = 600_000;
const answersWithinMs = 20_000;
const triesAtMost = 3;
/** How long nobody is let in again, by what the MUC said. */
const pauses = { kicked: 300_000, banned: 3_600_000, refused: 300_000 };
/** It is the room that is so, whoever asks: nobody else asks for this long. */
const ofTheRoom: ReadonlySet<string> = new Set([
  'service-unavailable',
  'registration-required',
  'not-authorized',
  'not-acceptable',
  'captcha',
]);
const closedMs = 60_000;
const devoicedAtMost = 1_000;

export function createPuppets(parts: PuppetsParts): Puppets {
  const { muc, suffix, clock, send, atMost = puppetsAtMost } = parts;
  /** By their name on the network, who spoke last at the end. */
  const puppets = new Map<string, Puppet>();
  const byJid = new Map<string, Puppet>();
  /** Until when somebody is muted, or spoken for by the herald. */
  const barred = new Map<string, { readonly until: number; readonly voice: 'muted' | 'herald' }>();
  /** Nobody answered them the last time, though the MUC is there. */
  const unanswered = new Set<string>();
  /** From whom a moderator took the voice (XEP-0045 §8.4), by their name on the network: who had none when they came is only in a moderated room. */
  const devoiced = new Set<string>();
  let closedUntil = 0;

  function drop(puppet: Puppet): void {
    puppet.cancel();
    puppets.delete(puppet.name);
    byJid.delete(puppet.jid);
  }

  function bar({ name }: Puppet, voice: 'muted' | 'herald', ms: number): void {
    barred.set(name, { until: clock.now() + ms, voice });
    for (const [one, { until }] of barred) if (until <= clock.now()) barred.delete(one);
  }

  /** In whose voice, where it is not their own. */
  const instead = (nick: string): Voice => ({ is: devoiced.has(nick) ? 'muted' : 'herald' });

  function hasVoiceNow(puppet: Puppet, hasVoice: boolean): void {
    if (hasVoice) devoiced.delete(puppet.name);
    else if (puppet.state === 'in' && puppet.hasVoice) devoiced.add(puppet.name);
    const [first] = devoiced;
    if (devoiced.size > devoicedAtMost && first !== undefined) devoiced.delete(first);
    puppet.hasVoice = hasVoice;
  }

  function awaits(puppet: Puppet): void {
    puppet.cancel();
    puppet.cancel = clock.after(answerWait(answersWithinMs, puppet.askedAt, clock.now()), () => ignored(puppet));
  }

  function enter(puppet: Puppet): void {
    puppet.state = 'entering';
    puppet.askedAt = clock.now();
    awaits(puppet);
    send([joinMuc(puppet.jid, muc, puppet.nick, { looks: parts.looks(puppet.name), password: parts.password })]);
  }

  /** It may have been lost on its way, and is asked for once more; others don't wait for it for ever. */
  function ignored(puppet: Puppet): void {
    drop(puppet);
    if (unanswered.delete(puppet.name)) {
      bar(puppet, 'herald', pauses.refused);
      parts.onChange();
    } else if (unanswered.size < atMost) unanswered.add(puppet.name);
    parts.onDoubt();
  }

  function sendAway(puppet: Puppet): void {
    send([leaveMuc(puppet.jid, muc, puppet.nick, '')]);
    drop(puppet);
  }

  /** The MUC is full, of us perhaps: some services have places for two hundred. */
  function makeWay(): void {
    for (const puppet of [...puppets.values()]) if (puppet.usedAt + silentMs <= clock.now()) sendAway(puppet);
  }

  /** False: all of them have spoken just now. */
  function makeRoom(): boolean {
    if (puppets.size < atMost) return true;
    const [oldest] = puppets.values();
    if (oldest === undefined || oldest.usedAt + busyMs > clock.now()) return false;
    sendAway(oldest);
    return true;
  }

  function voice(nick: string): Voice {
    const bars = barred.get(nick);
    if (bars !== undefined && bars.until > clock.now()) return { is: bars.voice };
    const known = puppets.get(nick);
    if (known !== undefined) {
      puppets.delete(nick);
      puppets.set(nick, known);
      known.usedAt = clock.now();
      if (known.state === 'entering') return { is: 'coming' };
      return known.hasVoice ? { is: 'own', from: known.jid, nick: known.nick } : instead(nick);
    }
    if (closedUntil > clock.now()) return instead(nick);
    const jid = parts.address(nick);
    if (jid === undefined || byJid.has(jid) || !makeRoom()) return instead(nick);
    const puppet: Puppet = {
      jid,
      name: nick,
      nick,
      state: 'entering',
      hasVoice: true,
      tries: 1,
      usedAt: clock.now(),
      askedAt: clock.now(),
      cancel: () => {},
    };
    puppets.set(nick, puppet);
    byJid.set(jid, puppet);
    enter(puppet);
    return { is: 'coming' };
  }

  /** Another name, a few times; then the herald speaks for them. */
  function nextNick(puppet: Puppet): boolean {
    if (puppet.tries >= triesAtMost) return false;
    puppet.tries++;
    puppet.nick = puppet.name + suffix + (puppet.tries > 2 ? ` ${puppet.tries - 1}` : '');
    return true;
  }

  function refused(puppet: Puppet, { error }: Told): void {
    const { condition } = error ?? { condition: '' };
    if (puppet.state === 'in') {
      // A change of nick was refused: the old one stays.
      return;
    }
    if (condition === 'conflict' && nextNick(puppet)) {
      enter(puppet);
      return;
    }
    drop(puppet);
    if (ofTheRoom.has(condition)) {
      closedUntil = clock.now() + closedMs;
      parts.onClosed(condition);
    }
    if (condition === 'service-unavailable') makeWay();
    if (condition === 'forbidden') bar(puppet, 'muted', pauses.banned);
    else bar(puppet, 'herald', pauses.refused);
    if (condition.startsWith('remote-server') || condition === 'recipient-unavailable') {
      barred.delete(puppet.name);
      parts.onDoubt();
    }
  }

  function gone(puppet: Puppet, { codes, newNick }: Told): void {
    if (codes.has(303) && newNick !== undefined) {
      puppet.nick = newNick;
      return;
    }
    drop(puppet);
    if (codes.has(301)) bar(puppet, 'muted', pauses.banned);
    // With 333 nobody did it: an error came back from us, say while we were away.
    else if (codes.has(307) && !codes.has(333)) bar(puppet, 'muted', pauses.kicked);
    else if (codes.has(321) || codes.has(322)) bar(puppet, 'herald', pauses.refused);
  }

  /** The room is not there any more: whoever asks for it makes one, which is nobody's and goes with us. */
  function unmade(puppet: Puppet): void {
    sendAway(puppet);
    parts.onDoubt();
  }

  function left(nick: string, reason: string): void {
    const puppet = puppets.get(nick);
    if (puppet === undefined) return;
    send([leaveMuc(puppet.jid, muc, puppet.nick, reason)]);
    drop(puppet);
    parts.onChange();
  }

  const nicks: Nicks = {
    inMuc: (name) => puppets.get(name)?.nick,
    otherwise() {
      const found: [string, string][] = [];
      for (const { nick, name } of puppets.values()) if (nick !== name) found.push([nick, name]);
      return found;
    },
  };

  return {
    voice,
    left,
    nicks,
    isOfOthers(to, nick) {
      const puppet = byJid.get(to);
      return puppet?.state === 'in' && puppet.nick !== nick;
    },
    hear(to, told) {
      const puppet = byJid.get(to);
      if (puppet === undefined) return false;
      if (told.is === 'refused') refused(puppet, told);
      else if (!told.isSelf && (told.nick !== puppet.nick || (told.is === 'here' && puppet.state !== 'in'))) {
        if (puppet.state === 'entering') awaits(puppet);
        return true;
      } else if (told.codes.has(madeByComing)) {
        unmade(puppet);
        return true;
      } else if (told.is === 'gone') gone(puppet, told);
      else {
        puppet.cancel();
        if (puppet.state === 'entering') parts.onOpen();
        unanswered.delete(puppet.name);
        puppet.nick = told.nick;
        hasVoiceNow(puppet, told.role !== 'visitor');
        puppet.state = 'in';
      }
      parts.onChange();
      return true;
    },
    out(from) {
      const puppet = byJid.get(from);
      if (puppet !== undefined) drop(puppet);
    },
    renamed(nick, to) {
      const bars = barred.get(nick);
      if (bars?.voice === 'muted') {
        barred.set(to, bars);
        barred.delete(nick);
      }
      if (devoiced.delete(nick)) devoiced.add(to);
      const puppet = puppets.get(nick);
      if (puppet === undefined) return;
      drop(puppet);
      if (puppets.has(to)) return send([leaveMuc(puppet.jid, muc, puppet.nick, '')]);
      puppet.name = to;
      puppets.set(to, puppet);
      byJid.set(puppet.jid, puppet);
      if (puppet.state === 'in') return send([appear(puppet.jid, muc, to, parts.looks(to))]);
      puppet.nick = to;
      enter(puppet);
    },
    lookAround() {
      for (const nick of [...puppets.keys()]) if (parts.address(nick) === undefined) left(nick, '');
    },
    forget() {
      unanswered.clear();
      for (const puppet of [...puppets.values()]) drop(puppet);
    },
    leaveAll(reason) {
      for (const puppet of [...puppets.values()]) {
        send([leaveMuc(puppet.jid, muc, puppet.nick, reason)]);
        drop(puppet);
      }
    },
    get size() {
      return puppets.size;
    },
  };
}
