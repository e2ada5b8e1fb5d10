/**
 * What the herald hears, in order: what was said while it was away first, each line once. Before an owner of the MUC has agreed it listens for nothing but
 * that.
 */
import type { ChatId } from '../core/ids.ts';
import { isConsent, isToken } from './consent.ts';
import type { Gap, Seen } from './gap.ts';
import type { Herald } from './herald.ts';
import type { Marks } from './marks.ts';
import type { MucIds } from './muc-ids.ts';
import { type Line, nameOf, subjectIn } from './muc-stanzas.ts';
import type { Names } from './names.ts';
import type { OwnIds } from './own-ids.ts';
import { staleMs } from './past-of-room.ts';
import { createSubjects, latestOf } from './subjects.ts';
import type { Meant, ToNetwork } from './to-network.ts';

export interface HearingParts {
  readonly chat: ChatId;
  readonly ids: OwnIds;
  readonly names: Pick<Names, 'add' | 'toMuc'>;
  readonly mucIds: Pick<MucIds, 'of'>;
  readonly marks: Pick<Marks, 'now' | 'move'>;
  readonly toNetwork: ToNetwork;
  readonly gap: Pick<Gap, 'fetch'>;
  readonly herald: () => Pick<Herald, 'isIn' | 'isCalled' | 'isOwner'>;
  /** Since when the two are joined, epoch milliseconds. */
  since(): number | undefined;
  /** What an owner has to say; undefined: one has. */
  token(): string | undefined;
  /** An owner has agreed, by that line. */
  onConsent(line: Line): void;
  /** Our own, said back. @param room its name in the network's room */
  onOwn(room: string): void;
  accept(meant: Meant): void;
  /** Before a restart. */
  wasAccepted(id: string): Promise<boolean>;
  /** All that was missed has been read: what of it is to be passed on goes, before what is said from now on. */
  onRead(): void;
  /** All that was missed has been passed on. */
  onCaughtUp(): Promise<void>;
  /** What we said and nobody has said back. */
  unheard(): readonly string[];
  /** These are not in its archive either. */
  onLacking(unheard: readonly string[]): void;
  /** The MUC is to have that subject. */
  setSubject(text: string): void;
  newId(): string;
  now(): number;
  onFailure(error: unknown): void;
}

export interface Hearing {
  hear(line: Line): void;
  /** The herald is in. */
  begin(): void;
  /** It is out. */
  stop(): void;
  readonly isCaughtUp: boolean;
  /** The herald is in, as before: does the archive have what nobody heard? The way there loses a line now and then, and tells nobody. */
  check(): void;
  /** The network's room has that subject. @param isNew somebody changed it */
  hearSubject(text: string, isNew: boolean): void;
  /** The MUC did not take the last one. */
  refusedSubject(): void;
  /** An owner has agreed just now: there is nothing to catch up with. */
  beginHere(): void;
}

const bufferedAtMost = 2_000;
/** So often the archive is asked for what is behind what it gave. */
const readsAtMost = 5;

/** How far the archive was read. */
interface Read {
  readonly upTo: Seen;
  /** To its end. */
  readonly isWhole: boolean;
}

export function createHearing(parts: HearingParts): Hearing {
  const { marks, ids, toNetwork, herald } = parts;
  let isCaughtUp = false;
  /** Grows with each time that it catches up. */
  let round = 0;
  let past: Line[] = [];
  let live: Line[] = [];
  /** Up to there nothing is missing; undefined: it is not known yet. */
  let checked: Seen | undefined;
  let checking = false;
  /** The archive has given no answer to where it ends: what was heard behind `checked` is not all. */
  let isOpen = false;
  const subjects = createSubjects((nick) => herald().isCalled(nick));
  /** The last subject that the MUC told while we came in, with the time at which that was set. */
  let stood: Line | undefined;
  /** What was heard last. */
  let heard: Seen | undefined;

  /** True where it is our own, said back. */
  function isOwn(line: Line): boolean {
    const said = ids.read(line.id) ?? ids.read(line.originId);
    if (said === undefined) return false;
    // Anybody can say something under that id once they have seen it: the first is ours.
    if (line.archived !== undefined && parts.names.toMuc(said) === undefined)
      parts.names.add({ muc: line.archived, room: said });
    parts.onOwn(said);
    return true;
  }

  /** A stamp may be its speaker's own: nothing was said later than now. */
  const seenIn = ({ archived, at }: Line): Seen => ({
    ...(archived !== undefined && { id: archived }),
    at: Math.min(at ?? parts.now(), parts.now()),
  });

  const said = (line: Line): Meant | undefined =>
    isOwn(line) || herald().isCalled(line.nick) || isToken(line) ? undefined : toNetwork.read(line);

  /** What was missed: whoever said it is known for it, but after so long it is not said to people who don't see when it was. */
  function saidBefore(line: Line): Meant | undefined {
    const meant = said(line);
    return (line.at ?? parts.now()) > parts.now() - staleMs ? meant : undefined;
  }

  function moveTo(seen: Seen): void {
    heard = seen;
    if (!isOpen) marks.move({ seen });
  }

  /** Where it stands in no archive the next gap begins behind what was said before it. */
  function topic(line: Line, text: string): Meant | undefined {
    if (!subjects.told(line, text)) return undefined;
    const [before, seen] = [heard ?? marks.now.seen, seenIn(line)];
    // Else it would be news again.
    const until = line.at === undefined ? seen.at : Math.min(latestOf(line.at), parts.now());
    moveTo({ ...before, ...seen, at: Math.max(before?.at ?? 0, until) });
    toNetwork.known(line);
    const id = parts.mucIds.of(nameOf(line) ?? parts.newId());
    return { id, intent: { kind: 'topic', chat: parts.chat, text } };
  }

  function meantBy(line: Line, by = said): Meant | undefined {
    const changed = subjectIn(line.el);
    if (changed !== undefined) return topic(line, changed);
    moveTo(seenIn(line));
    return by(line);
  }

  /** Where nobody can say whether it was, it is rather said twice than never. */
  function isAccepted({ id }: Meant): Promise<boolean> {
    return parts.wasAccepted(id).catch((error: unknown) => {
      parts.onFailure(error);
      return false;
    });
  }

  async function acceptOnce(meant: Meant | undefined): Promise<void> {
    if (meant !== undefined && !(await isAccepted(meant))) parts.accept(meant);
  }

  /**
   * Said just now, so it is nothing that was heard before, though neither its speaker nor the MUC calls it anything, or its speaker calls it as they called
   * another: there are clients that count from one each time.
   */
  function named(line: Line): Line {
    if (line.archived !== undefined) return line;
    const name = nameOf(line);
    if (name !== undefined && toNetwork.saidBy(name) === undefined) return line;
    return { ...line, name: `${line.nick}\n${parts.newId()}` };
  }

  function pass(line: Line): void {
    const meant = meantBy(named(line));
    if (meant !== undefined) parts.accept(meant);
  }

  /** History begins where it was asked to, or thereabouts. */
  const isNews = ({ at = 0 }: Line): boolean => at > (parts.since() ?? 0);

  /** What the archive has behind that; undefined: it gave no answer at all. */
  async function read(from: Seen, mine: number, take: (line: Line) => Promise<void>): Promise<Read | undefined> {
    let upTo = from;
    for (let reads = 0; reads < readsAtMost; reads++) {
      const missed = await parts.gap.fetch(upTo);
      if (missed === undefined) return reads === 0 ? undefined : { upTo, isWhole: false };
      for (const line of missed.lines) {
        if (mine !== round) return { upTo, isWhole: false };
        await take(line);
        upTo = seenIn(line);
      }
      if (missed.isWhole) return { upTo, isWhole: true };
    }
    return { upTo, isWhole: false };
  }

  async function catchUp(mine: number): Promise<void> {
    isOpen = false;
    heard = undefined;
    // What was said right before a kill may not be written down: the beginning always is.
    const from = marks.now.seen ?? { at: parts.since() ?? parts.now() };
    subjects.begin(from.at);
    const kept = await read(from, mine, (line) => acceptOnce(meantBy(line, saidBefore)));
    if (mine !== round) return;
    // Without an archive it is what the MUC told as history.
    if (kept?.isWhole !== true) for (const line of past.filter(isNews)) await acceptOnce(meantBy(line, saidBefore));
    if (mine !== round || !herald().isIn) return;
    past = [];
    isCaughtUp = true;
    // The MUC tells of its history what it likes: where its archive has not answered just now it is asked again.
    checked = kept?.upTo ?? from;
    isOpen = kept?.isWhole === false;
    parts.onRead();
    if (stood !== undefined) pass(stood);
    for (const line of live.splice(0)) pass(line);
    const owed = subjects.owed();
    if (owed !== undefined) parts.setSubject(owed);
    await parts.onCaughtUp();
  }

  /** What was heard is behind what was not: order is lost with it, the line is not. */
  async function check(): Promise<void> {
    const [mine, from] = [round, checked];
    if (!isCaughtUp || checking || from === undefined) return;
    checking = true;
    const unheard = parts.unheard();
    try {
      const kept = await read(from, mine, async (line) => {
        if (subjectIn(line.el) === undefined) await acceptOnce(saidBefore(line));
      });
      if (kept === undefined || mine !== round) return;
      checked = kept.upTo;
      if (isOpen) marks.move({ seen: checked });
      isOpen = isOpen && !kept.isWhole;
      if (kept.isWhole) parts.onLacking(unheard);
    } finally {
      checking = false;
    }
  }

  function keep(list: Line[], line: Line): void {
    if (list.length < bufferedAtMost) list.push(line);
  }

  return {
    hear(line) {
      const token = parts.token();
      if (token !== undefined) {
        if (isConsent(line, token, herald().isOwner(line.nick))) {
          toNetwork.known(line);
          parts.onConsent(line);
        } else {
          const text = subjectIn(line.el);
          if (text !== undefined) subjects.told(line, text);
        }
      } else if (isCaughtUp) pass(line);
      else if (line.at === undefined) keep(live, line);
      else {
        if (subjectIn(line.el) !== undefined) stood = line;
        keep(past, line);
      }
    },
    check: () => void check().catch(parts.onFailure),
    begin() {
      stood = undefined;
      round++;
      if (parts.token() === undefined) catchUp(round).catch(parts.onFailure);
    },
    stop() {
      round++;
      isCaughtUp = false;
      past = [];
      live = [];
    },
    get isCaughtUp() {
      return isCaughtUp;
    },
    hearSubject(text, isNew) {
      if (subjects.takes(text, isNew, isCaughtUp)) parts.setSubject(text);
    },
    refusedSubject: subjects.refused,
    beginHere() {
      isCaughtUp = true;
      checked = marks.now.seen;
      subjects.settle();
    },
  };
}
