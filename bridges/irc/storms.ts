/**
 * Netsplits: hundreds who go at once, and later come back. Their changes are gathered, one event a channel, until the batch ends or the server says
 * anything else; a server without batches is recognised by what its QUITs say ("a.example b.example").
 */

import type { ChatId, Clock, MemberChange, PersonId } from '#bridge';
import { sparseMap } from '#bridge';
import type { Channel } from './channel.ts';
import { describeMember } from './channel.ts';
import type { Core } from './core.ts';
import { atOf } from './line-facts.ts';
import type { Line } from './wire/line.ts';

/** How long a storm may pause before what there is is told. */
const lullMs = 200;
/** An event stays small enough to be dealt with in one go. */
const mostAtOnce = 1000;
/** How many are remembered as lost in a split, and how long. */
const mostLost = 20_000;
const returnMs = 3_600_000;

export interface Storms {
  /** Is this QUIT part of a split? */
  isSplit(line: Line): boolean;
  /** Somebody was lost in a split, of that channel; their return, if it is untold, has been flushed before. */
  lost(line: Line, channel: Channel, person: PersonId, reason: string): void;
  /** Somebody comes in. True: they return after a split, and are told of with the others or, where the owner likes that, at once. */
  returned(line: Line, channel: Channel, person: PersonId): boolean;
  /** A rank changes of somebody who has come in but has not been told of. */
  isUntold(channel: Channel, person: PersonId): boolean;
  /** A line of another kind comes: what was gathered is told first, so that the order stays. */
  flush(): void;
  clear(): void;
}

interface Gathered {
  readonly at: Date;
  readonly out: MemberChange[];
  readonly in: Set<PersonId>;
}

/** @param tellsSingly does the owner want to be told of each in that room who returns? */
export function createStorms(
  core: () => Core,
  clock: Pick<Clock, 'after' | 'now'>,
  tellsSingly: (chat: ChatId) => boolean,
): Storms {
  const gathered = sparseMap<Channel, Gathered>();
  const away = sparseMap<PersonId, number>();
  let cancel: (() => void) | undefined;

  function of(line: Line, channel: Channel): Gathered {
    const known = gathered.get(channel);
    if (known !== undefined) return known;
    const made = { at: atOf(core(), line), out: [], in: new Set<PersonId>() };
    gathered.set(channel, made);
    cancel ??= clock.after(lullMs, flush);
    return made;
  }

  function flush(): void {
    if (gathered.size === 0) return;
    cancel?.();
    cancel = undefined;
    for (const [channel, what] of gathered) tell(channel, what);
    gathered.clear();
  }

  function tell(channel: Channel, { at, out, in: persons }: Gathered): void {
    const changes = [...out];
    for (const person of persons) {
      const member = channel.members.get(person);
      if (member !== undefined) changes.push({ is: 'in', member: describeMember(core(), channel, member) });
    }
    if (changes.length > 0) core().emit({ kind: 'members', at, chat: channel.chat, changes });
  }

  /** What is gathered of that channel is told before; what is gathered of others waits on. */
  function tellAtOnce(line: Line, channel: Channel, person: PersonId): void {
    const before = gathered.get(channel);
    gathered.delete(channel);
    if (before !== undefined) tell(channel, before);
    tell(channel, { at: atOf(core(), line), out: [], in: new Set([person]) });
  }

  function remember(person: PersonId): void {
    away.delete(person);
    away.set(person, clock.now());
    for (const [oldest, since] of away) {
      if (away.size <= mostLost && clock.now() - since < returnMs) break;
      away.delete(oldest);
    }
  }

  return {
    isSplit: (line) =>
      line.tags?.has('batch') === true ? core().batches.isIn(line, 'netsplit') : namesServers(line.params[0] ?? ''),
    lost(line, channel, person, reason) {
      remember(person);
      const { out } = of(line, channel);
      out.push({ is: 'out', person, how: 'lost', ...(reason !== '' && { reason }) });
      if (out.length >= mostAtOnce) flush();
    },
    returned(line, channel, person) {
      const isBatched = core().batches.isIn(line, 'netjoin');
      const since = away.get(person);
      if (!isBatched && (since === undefined || clock.now() - since > returnMs)) return false;
      if (tellsSingly(channel.chat)) {
        tellAtOnce(line, channel, person);
        return true;
      }
      const { in: persons } = of(line, channel);
      persons.add(person);
      if (persons.size >= mostAtOnce) flush();
      return true;
    },
    isUntold: (channel, person) => isUntold(gathered, channel, person),
    flush,
    clear() {
      cancel?.();
      cancel = undefined;
      gathered.clear();
      away.clear();
    },
  };
}

const isUntold = (gathered: ReadonlyMap<Channel, Gathered>, channel: Channel, person: PersonId): boolean =>
  gathered.get(channel)?.in.has(person) === true;

/** What a QUIT says in a split: two servers' names, or what servers say that hide theirs. Nobody's own words: those have "Quit: " in front. */
const namesServers = (reason: string): boolean => /^[\w*-]+(?:\.[\w*-]+)+ [\w*-]+(?:\.[\w*-]+)+$/.test(reason);
