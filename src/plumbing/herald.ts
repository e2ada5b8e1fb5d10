/**
 * The plumbing's own occupant in the MUC: it hears for the network, and speaks for whoever has no occupant there. It comes back after everything but a ban,
 * the later the more often it is sent away, and finds out by itself when it is no longer there (XEP-0410).
 */
import type { Clock } from '../bridge/contract.ts';
import { type Backoff, backoffMs } from '../core/retry.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { answerWait, appear, joinMuc, joinsRoom, leaveMuc, madeByComing, noRoom, type Told } from './muc-stanzas.ts';
import type { End } from './troubles.ts';

export interface HeraldParts {
  readonly jid: string;
  readonly muc: string;
  /** What it is to be called, by now. */
  name(): string;
  /** The network's room, as every gateway calls it. */
  readonly pair: string;
  readonly password: string | undefined;
  readonly suffix: string;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  send(stanzas: readonly Outgoing[]): void;
  /** From when on the past is wanted, epoch milliseconds; undefined: none of it. */
  since(): number | undefined;
  /** Is it still in? Undefined: nobody answered. */
  selfPing(nick: string): Promise<boolean | undefined>;
  onIn(): void;
  /** It was asked whether it is, and is. */
  onStillIn(): void;
  /** It is out, and so may be the others: the room has forgotten them where `all`. */
  onOut(all: boolean): void;
  /** It tries again. @param condition of the error; `kicked`: a moderator put it out */
  onRefused(condition: string, text: string | undefined): void;
  /** It is out for good, but for a rival where the plumbing is there already. */
  onEnd(end: End): void;
  /** May it say anything? Told when it comes in, and when that changes. */
  onVoice(hasVoice: boolean): void;
}

export interface Herald {
  readonly isIn: boolean;
  /** It may speak. */
  readonly hasVoice: boolean;
  readonly isModerator: boolean;
  /** Is that what it is called in the MUC, or was? */
  isCalled(nick: string): boolean;
  /** It takes the name that it is to have by now. */
  rename(): void;
  begin(): void;
  hear(told: Told): void;
  /** Something suggests that the MUC does not know us any more. */
  doubt(): void;
  /** Is that one of its owners, who are in it? */
  isOwner(nick: string): boolean;
  /** For good. */
  end(reason: string): void;
  /** Nothing is said any more, by nobody. */
  close(): void;
}

const backoff: Backoff = { firstMs: 4_000, maxMs: 60_000 };
const kickedBackoff: Backoff = { firstMs: 60_000, maxMs: 3_600_000 };
const answersWithinMs = 30_000;
const lookEveryMs = 300_000;
/** After so long in the room what went wrong before is forgotten. */
const settledMs = 600_000;
const ownersAtMost = 1_000;

export function createHerald(parts: HeraldParts): Herald {
  const { jid, muc, suffix, clock, send } = parts;
  /** Nobody else matters: rooms have thousands. */
  const owners = new Set<string>();
  let state: 'out' | 'entering' | 'in' | 'over' = 'out';
  let name = parts.name();
  let nick = name;
  /** What it was called before. */
  const former = new Set<string>();
  let [tries, kicks, conflicts] = [0, 0, 0];
  let asking = false;
  let role = 'participant';
  /** When it asked to come in. */
  let askedAt = 0;
  let cancel = (): void => {};
  let settle = (): void => {};

  function later(ms: number, call: () => void): void {
    cancel();
    cancel = clock.after(ms, call);
  }

  function enter(): void {
    if (state === 'over') return;
    state = 'entering';
    owners.clear();
    askedAt = clock.now();
    later(answersWithinMs, unanswered);
    const how = { looks: joinsRoom(parts.pair), since: parts.since(), password: parts.password };
    // Where the MUC believes us to be in still, it is to tell us everything anew.
    send([leaveMuc(jid, muc, nick, ''), joinMuc(jid, muc, nick, how)]);
  }

  function again(wait: Backoff = backoff, count = ++tries): void {
    state = 'out';
    later(backoffMs(count, wait), enter);
  }

  function unanswered(): void {
    again();
    // The first may have been lost on its way.
    if (tries > 1) parts.onRefused('remote-server-timeout', undefined);
  }

  function over(end: End): void {
    close();
    parts.onOut(false);
    parts.onEnd(end);
  }

  function refused({ error }: Told): void {
    if (state !== 'entering') return;
    const { condition, text } = error ?? { condition: 'undefined-condition', text: undefined };
    if (condition === 'conflict') {
      conflicts++;
      nick = name + suffix + (conflicts > 1 ? ` ${conflicts}` : '');
    }
    if (condition === 'conflict' && conflicts <= 3) enter();
    else if (noRoom.has(condition)) over({ is: 'no-room' });
    // §7.2.7.
    else if (condition === 'forbidden') over({ is: 'banned', ...(text !== undefined && { reason: text }) });
    else {
      again();
      parts.onRefused(condition, text);
    }
  }

  function entered(told: Told): void {
    nick = told.nick;
    if (told.codes.has(madeByComing)) {
      // Asking for a room that is not there makes it: nobody else is in it, and it goes with us.
      send([leaveMuc(jid, muc, nick, '')]);
      over({ is: 'no-room' });
      return;
    }
    const had = role !== 'visitor';
    role = told.role;
    const hasVoice = role !== 'visitor';
    if (state === 'in') {
      if (had !== hasVoice) parts.onVoice(hasVoice);
      return;
    }
    state = 'in';
    later(lookEveryMs, look);
    settle();
    settle = clock.after(settledMs, () => {
      [tries, kicks, conflicts] = [0, 0, 0];
    });
    parts.onIn();
    parts.onVoice(hasVoice);
  }

  function wentOut({ codes, isDestroyed, venue, reason, newNick }: Told): void {
    if (codes.has(303) && newNick !== undefined) {
      former.add(nick);
      nick = newNick;
      return;
    }
    if (state === 'entering') return;
    owners.clear();
    settle();
    if (isDestroyed) over({ is: 'no-room', ...(venue !== undefined && { to: venue }) });
    else if (codes.has(301)) over({ is: 'banned', ...(reason !== undefined && { reason }) });
    else {
      const isKicked = codes.has(307) && !codes.has(333);
      if (isKicked) again(kickedBackoff, ++kicks);
      else again();
      parts.onOut(codes.has(332));
      if (isKicked) parts.onRefused('kicked', undefined);
    }
  }

  function learn({ nick: who, is, affiliation, codes, newNick }: Told): void {
    const now = is === 'here' ? who : codes.has(303) ? newNick : undefined;
    owners.delete(who);
    if (affiliation === 'owner' && now !== undefined && owners.size < ownersAtMost) owners.add(now);
  }

  function look(): void {
    if (state !== 'in' || asking) return;
    asking = true;
    later(lookEveryMs, look);
    void parts.selfPing(nick).then((isIn) => {
      asking = false;
      if (state !== 'in') return;
      if (isIn === true) return parts.onStillIn();
      // Whether it said no or nothing: going in again is what finds out, and does no harm.
      state = 'out';
      parts.onOut(isIn === false);
      enter();
    });
  }

  function close(): void {
    state = 'over';
    cancel();
    settle();
  }

  return {
    get isIn() {
      return state === 'in';
    },
    get hasVoice() {
      return role !== 'visitor';
    },
    get isModerator() {
      return role === 'moderator';
    },
    isCalled: (who) => who === nick || former.has(who),
    rename() {
      const wished = parts.name();
      if (state !== 'in' || wished === name) return;
      name = wished;
      conflicts = 0;
      // Where that is taken the old one stays.
      send([appear(jid, muc, wished, joinsRoom(parts.pair))]);
    },
    begin() {
      if (state === 'out') enter();
    },
    hear(told) {
      if (state === 'over') return;
      if (told.is === 'refused') return refused(told);
      learn(told);
      // Not every service says of a later presence that it is one's own.
      const isOwn = told.isSelf || (told.nick === nick && state === 'in');
      if (!isOwn) {
        // It is being told who is there, and comes last.
        if (state === 'entering') later(answerWait(answersWithinMs, askedAt, clock.now()), unanswered);
        if (told.is === 'here' && told.joins === parts.pair) parts.onEnd({ is: 'rival', nick: told.nick });
      } else if (told.is === 'here') entered(told);
      else wentOut(told);
    },
    doubt: look,
    isOwner: (who) => owners.has(who),
    end(reason) {
      if (state === 'in' || state === 'entering') send([leaveMuc(jid, muc, nick, reason)]);
      close();
    },
    close,
  };
}
