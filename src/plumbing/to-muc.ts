/**
 * From the network's room to the MUC: one line after the other, each by its speaker's puppet or by the herald with the name in front. A line is done when the
 * MUC has said it back; until then it is in the room's archive, from where it is taken up again after anything that went wrong.
 */
import type { Clock } from '../bridge/contract.ts';
import { type Backoff, backoffMs } from '../core/retry.ts';
import type { Element } from '../xml/element.ts';
import { join } from '../xml/writer.ts';
import type { StanzaError } from '../xmpp/error.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { noRoom, originIdOf, sayInMuc } from './muc-stanzas.ts';
import type { OwnIds } from './own-ids.ts';
import type { Puppets, Voice } from './puppets.ts';
import type { Translate } from './translating.ts';

/** Something that was said or done in the network's room. */
export interface RoomLine {
  /** Its name in the room's archive. */
  readonly id: string;
  /** Who, on the network; '': the room itself. */
  readonly nick: string;
  /** It is the account itself that speaks, for one of those whom it serves: the name is in the text. */
  readonly isOwn: boolean;
  readonly children: readonly Element[];
}

export interface ToMucParts {
  readonly muc: string;
  readonly ids: OwnIds;
  readonly puppets: Pick<Puppets, 'voice' | 'out'>;
  readonly herald: { readonly jid: string; isIn(): boolean };
  readonly translate: Translate;
  /** Which line that one corrects or takes back. */
  changed(line: RoomLine): string | undefined;
  /** Takes back by a moderator's right what that one takes back; false: it is none, or we have no such right. */
  takeBack(line: RoomLine): boolean;
  /** Which line the MUC has to have said back first, for that one names it as the MUC does. */
  about(line: RoomLine): string | undefined;
  readonly clock: Pick<Clock, 'after'>;
  send(stanzas: readonly Outgoing[]): void;
  /** All lines up to that one are done. */
  onTold(id: string): void;
  /** The MUC does not say back what it was told. */
  onDoubt(): void;
  /** One was lost: why, for the log. */
  onLost(id: string, why: string): void;
  readonly window?: number;
  readonly bound?: number;
}

export interface ToMuc {
  /** Behind all others. One that is here already, or was not long ago, changes nothing. */
  add(line: RoomLine): void;
  /** Nothing is said of that one. */
  skip(id: string): void;
  /** The MUC has said it back. */
  told(id: string): void;
  /** The MUC did not take what was said under that (signed) id. */
  refused(room: string, from: string, error: StanzaError): void;
  /** Goes on, as far as it can. */
  pump(): void;
  /** What was said and not said back is to be said again, once it is known what the MUC has. */
  rewind(): void;
  /** What was said a while ago and has not been said back. */
  unheard(): readonly string[];
  /** The MUC never had these: they are said once more. */
  lacks(unheard: readonly string[]): void;
  /** Some were dropped here: the archive has them. */
  readonly isBehind: boolean;
  /** What is not done yet. */
  readonly size: number;
  /** The archive is being read: what it has and was dropped comes again. */
  goOn(): void;
  close(): void;
}

interface Queued {
  readonly line: RoomLine;
  state: 'waiting' | 'said' | 'done';
  from: string;
  tries: number;
  /** How often it was looked after in vain since it was said. */
  doubts: number;
  /** It was lost on its way. */
  wasLost: boolean;
  /** How often the MUC said that it comes too fast. */
  slowed: number;
}

const saidBackWithinMs = 20_000;
const doubtsAtMost = 2;
/** Who is told to wait says nothing for so long, the longer the more often in a row. */
const slower: Backoff = { firstMs: 2_000, maxMs: 60_000 };
const triesAtMost = 5;
/** So often a line may be told to. */
const slowedAtMost = 10;
const rememberedAtMost = 500;

export function createToMuc(parts: ToMucParts): ToMuc {
  const { muc, ids, puppets, herald, send, window = 16, bound = 1_000 } = parts;
  let queue: Queued[] = [];
  /** Those that are done. */
  const done = new Set<string>();
  /** Those that the herald said for somebody: nobody else can change them there. */
  const spokenFor = new Set<string>();
  let isBehind = false;
  let pausedUntilTimer = false;
  /** So many may fly: one after the MUC was told too much at once, one more with each round that it takes. */
  let most = window;
  /** How often it said so since it took something. */
  let pauses = 0;
  let cancelPause = (): void => {};
  let cancelWatch = (): void => {};

  const find = (id: string): Queued | undefined => queue.find(({ line }) => line.id === id);

  function remember(id: string, among = done): void {
    among.add(id);
    const [oldest] = among;
    if (among.size > rememberedAtMost && oldest !== undefined) among.delete(oldest);
  }

  function finished(entry: Queued): void {
    entry.state = 'done';
    remember(entry.line.id);
    let last: string | undefined;
    while (queue[0]?.state === 'done') last = queue.shift()?.line.id;
    if (last !== undefined) parts.onTold(last);
    watch();
  }

  function watch(): void {
    cancelWatch();
    cancelWatch = (): void => {};
    if (queue.some(({ state }) => state === 'said')) cancelWatch = parts.clock.after(saidBackWithinMs, late);
  }

  /** Where we are in and the MUC still does not say it back, it does not want it: others wait behind. */
  function late(): void {
    for (const entry of queue.filter(({ state }) => state === 'said')) {
      entry.doubts++;
      if (entry.doubts > doubtsAtMost) lose(entry, 'not said back');
    }
    parts.onDoubt();
    pump();
  }

  function lose(entry: Queued, why: string): void {
    parts.onLost(entry.line.id, why);
    finished(entry);
  }

  function voiceFor({ line }: Queued): Voice {
    if (line.isOwn || line.nick === '') return { is: 'herald' };
    const voice = puppets.voice(line.nick);
    const changed = voice.is === 'muted' || spokenFor.size === 0 ? undefined : parts.changed(line);
    return changed !== undefined && spokenFor.has(changed) ? { is: 'herald' } : voice;
  }

  /** Nobody else takes back what somebody said by themselves who is out by now, or silent. */
  function isTakenBack({ line }: Queued): boolean {
    const changed = line.isOwn ? undefined : parts.changed(line);
    return changed !== undefined && !spokenFor.has(changed) && parts.takeBack(line);
  }

  /** What it is about is before it, and the MUC has not said it back. */
  function isEarly({ line }: Queued): boolean {
    const about = parts.about(line);
    const first = about === undefined ? undefined : queue.find((one) => one.line.id === about || one.line === line);
    return first !== undefined && first.line !== line && first.state !== 'done';
  }

  /** False: not yet. */
  function say(entry: Queued): boolean {
    const { line } = entry;
    if (isEarly(entry)) return false;
    const voice = voiceFor(entry);
    if (voice.is === 'coming') return false;
    if (voice.is !== 'own' && isTakenBack(entry)) {
      finished(entry);
      return true;
    }
    if (voice.is === 'muted') {
      lose(entry, 'muted');
      return true;
    }
    const body = parts.translate(line, voice.is === 'own' || line.isOwn ? undefined : line.nick);
    if (body === undefined) {
      finished(entry);
      return true;
    }
    entry.from = voice.is === 'own' ? voice.from : herald.jid;
    if (voice.is === 'own') spokenFor.delete(line.id);
    else remember(line.id, spokenFor);
    entry.state = 'said';
    entry.doubts = 0;
    entry.tries++;
    const id = ids.sign(line.id);
    send([sayInMuc(entry.from, muc, id, join([body, originIdOf(id)]))]);
    return true;
  }

  function pump(): void {
    if (!herald.isIn() || pausedUntilTimer) return;
    let flying = queue.filter(({ state }) => state === 'said').length;
    for (const entry of [...queue]) {
      if (flying >= Math.floor(most)) break;
      if (entry.state !== 'waiting') continue;
      if (!say(entry)) break;
      if ((entry.state as Queued['state']) === 'said') flying++;
    }
    watch();
  }

  /** It comes too fast. What else was under way is told so too, and is the same word. */
  function slowDown(entry: Queued, { condition }: StanzaError): void {
    entry.tries--;
    if (++entry.slowed > slowedAtMost) lose(entry, condition);
    else entry.state = 'waiting';
    watch();
    if (pausedUntilTimer) return;
    most = 1;
    pausedUntilTimer = true;
    cancelPause = parts.clock.after(backoffMs(++pauses, slower), () => {
      pausedUntilTimer = false;
      pump();
    });
  }

  function again(entry: Queued, error: StanzaError): void {
    // What was said behind it may be there already: order is kept as far as the MUC lets us.
    if (entry.tries >= triesAtMost) lose(entry, error.condition);
    else entry.state = 'waiting';
  }

  return {
    add(line) {
      if (done.has(line.id) || find(line.id) !== undefined) return;
      if (queue.length >= bound) {
        isBehind = true;
        return;
      }
      const untried = { tries: 0, doubts: 0, wasLost: false, slowed: 0 };
      queue.push({ line, state: 'waiting', from: '', ...untried });
      pump();
    },
    skip(id) {
      if (queue.length === 0) parts.onTold(id);
    },
    told(id) {
      remember(id);
      pauses = 0;
      most = Math.min(window, most + 1 / most);
      const entry = find(id);
      if (entry !== undefined) finished(entry);
      pump();
    },
    refused(room, from, error) {
      const entry = find(room);
      if (entry?.state !== 'said') return;
      const { condition, type } = error;
      if (condition === 'not-acceptable' && from !== herald.jid) {
        puppets.out(from);
        again(entry, error);
      } else if (condition.startsWith('remote-server')) {
        entry.state = 'waiting';
        parts.onDoubt();
        return;
      } else if (condition === 'not-acceptable' || noRoom.has(condition)) {
        // Either the herald is not in, or it is the words that the MUC will not have.
        again(entry, error);
        parts.onDoubt();
        return;
      } else if (type === 'wait') slowDown(entry, error);
      else lose(entry, condition);
      pump();
    },
    pump,
    rewind() {
      for (const entry of queue) if (entry.state === 'said') entry.state = 'waiting';
      watch();
    },
    unheard: () => queue.filter(({ state, doubts }) => state === 'said' && doubts > 0).map(({ line }) => line.id),
    lacks(unheard) {
      for (const entry of [...queue]) {
        if (entry.state !== 'said' || !unheard.includes(entry.line.id)) continue;
        if (entry.wasLost) lose(entry, 'not said back');
        else Object.assign(entry, { state: 'waiting', wasLost: true });
      }
      pump();
    },
    get isBehind() {
      return isBehind;
    },
    get size() {
      return queue.length;
    },
    goOn() {
      isBehind = false;
    },
    close() {
      cancelPause();
      cancelWatch();
      queue = [];
    },
  };
}
