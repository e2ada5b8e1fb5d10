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
  return new Gatherer(core, clock, tellsSingly);
}

/** An object of a class: each session has one, and every line asks it. */
class Gatherer implements Storms {
  readonly #core: () => Core;
  readonly #clock: Pick<Clock, 'after' | 'now'>;
  readonly #tellsSingly: (chat: ChatId) => boolean;
  readonly #gathered = sparseMap<Channel, Gathered>();
  readonly #away = sparseMap<PersonId, number>();
  #cancel: (() => void) | undefined;

  constructor(core: () => Core, clock: Pick<Clock, 'after' | 'now'>, tellsSingly: (chat: ChatId) => boolean) {
    this.#core = core;
    this.#clock = clock;
    this.#tellsSingly = tellsSingly;
  }

  isSplit(line: Line): boolean {
    if (line.tags?.has('batch') === true) return this.#core().batches.isIn(line, 'netsplit');
    return namesServers(line.params[0] ?? '');
  }

  lost(line: Line, channel: Channel, person: PersonId, reason: string): void {
    this.#remember(person);
    const { out } = this.#of(line, channel);
    out.push({ is: 'out', person, how: 'lost', ...(reason !== '' && { reason }) });
    if (out.length >= mostAtOnce) this.flush();
  }

  returned(line: Line, channel: Channel, person: PersonId): boolean {
    const isBatched = this.#core().batches.isIn(line, 'netjoin');
    const since = this.#away.get(person);
    if (!isBatched && (since === undefined || this.#clock.now() - since > returnMs)) return false;
    if (this.#tellsSingly(channel.chat)) {
      this.#tellAtOnce(line, channel, person);
      return true;
    }
    const { in: persons } = this.#of(line, channel);
    persons.add(person);
    if (persons.size >= mostAtOnce) this.flush();
    return true;
  }

  isUntold(channel: Channel, person: PersonId): boolean {
    return this.#gathered.get(channel)?.in.has(person) === true;
  }

  flush(): void {
    if (this.#gathered.size === 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
    for (const [channel, what] of this.#gathered) this.#tell(channel, what);
    this.#gathered.clear();
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#gathered.clear();
    this.#away.clear();
  }

  #of(line: Line, channel: Channel): Gathered {
    const known = this.#gathered.get(channel);
    if (known !== undefined) return known;
    const made = { at: atOf(this.#core(), line), out: [], in: new Set<PersonId>() };
    this.#gathered.set(channel, made);
    this.#cancel ??= this.#clock.after(lullMs, () => this.flush());
    return made;
  }

  #tell(channel: Channel, { at, out, in: persons }: Gathered): void {
    const core = this.#core();
    const changes = [...out];
    for (const person of persons) {
      const member = channel.members.get(person);
      if (member !== undefined) changes.push({ is: 'in', member: describeMember(core, channel, member) });
    }
    if (changes.length > 0) core.emit({ kind: 'members', at, chat: channel.chat, changes });
  }

  /** What is gathered of that channel is told before; what is gathered of others waits on. */
  #tellAtOnce(line: Line, channel: Channel, person: PersonId): void {
    const before = this.#gathered.get(channel);
    this.#gathered.delete(channel);
    if (before !== undefined) this.#tell(channel, before);
    this.#tell(channel, { at: atOf(this.#core(), line), out: [], in: new Set([person]) });
  }

  #remember(person: PersonId): void {
    this.#away.delete(person);
    this.#away.set(person, this.#clock.now());
    for (const [oldest, since] of this.#away) {
      if (this.#away.size <= mostLost && this.#clock.now() - since < returnMs) break;
      this.#away.delete(oldest);
    }
  }
}

/** What a QUIT says in a split: two servers' names, or what servers say that hide theirs. Nobody's own words: those have "Quit: " in front. */
const namesServers = (reason: string): boolean => /^[\w*-]+(?:\.[\w*-]+)+ [\w*-]+(?:\.[\w*-]+)+$/.test(reason);
