/**
 * Who of some people is online, without sharing a channel: MONITOR where the server has it, with their AWAY where extended-monitor is in force; else, and
 * for those whom its list has no room for, ISON now and then.
 */
import { type Clock, GatewayError, type PersonId, type Show, sparseMap, sparseSet } from '#bridge';
import { noteAddress } from './addressed.ts';
import { type Core, personOf } from './core.ts';
import { atOf } from './line-facts.ts';
import { isNick } from './names.ts';
import { userhostLines } from './userhost.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

const mostWatched = 1000;
/** ISON costs a line for some forty people each time: of more each has a turn. */
const mostPolled = 100;
const pollMs = 60_000;
const maxNamesBytes = 400;
const nobody: readonly PersonId[] = [];

export interface Watching {
  /** These and nobody else from now on. */
  watch(persons: readonly PersonId[]): void;
  /** Somebody was seen so; told where they are watched and it is new. */
  seen(person: PersonId, show: Show, status: string | undefined, at: Date): void;
  /** Somebody was heard of: they are here. */
  here(person: PersonId, at: Date): void;
  /** A list of people says that somebody is here, and whether they are away: not why, so what is known of that stays. */
  listed(person: PersonId, isAway: boolean, at: Date): void;
  /** 730 and 731. */
  told(line: Line): void;
  /** 734: some did not fit. */
  full(line: Line): void;
  /** 303: who of those asked for is here; false: we have asked for nobody. */
  polled(line: Line): boolean;
  /** Those told to be away of whose return no server tells. */
  awayUnheard(): readonly PersonId[];
  up(): void;
  lost(): void;
}

export const createWatching = (core: () => Core, clock: Pick<Clock, 'after'>): Watching => new Watch(core, clock);

/** An object of a class: each session has one. */
class Watch implements Watching {
  readonly #core: () => Core;
  readonly #clock: Pick<Clock, 'after'>;
  /** What was told last of each; undefined: nothing yet. */
  readonly #watched = sparseMap<PersonId, string | undefined>();
  /** Those of them who are watched by other spellings than the one that the server's lines are read by. */
  readonly #spelled = sparseMap<PersonId, readonly PersonId[]>();
  /** Of them, those whom only ISON tells of. */
  readonly #byPolling = sparseSet<PersonId>();
  /** Those on the server's list of whom it has not said yet whether they are here. */
  readonly #unanswered = sparseSet<PersonId>();
  /** Those whom an ISON was about, in the order asked. */
  readonly #asked: (readonly PersonId[])[] = [];
  /** So many of those have been asked about in this round. */
  #turn = 0;
  #cancel: (() => void) | undefined;

  constructor(core: () => Core, clock: Pick<Clock, 'after'>) {
    this.#core = core;
    this.#clock = clock;
  }

  watch(persons: readonly PersonId[]): void {
    const wanted = new Set(persons.filter(isNick).slice(0, mostWatched));
    const gone = [...this.#watched.keys()].filter((person) => !wanted.has(person));
    const fresh = [...wanted].filter((person) => !this.#watched.has(person));
    const known = gone.filter((person) => !this.#byPolling.delete(person));
    for (const person of gone) {
      this.#watched.delete(person);
      this.#unanswered.delete(person);
    }
    for (const person of fresh) this.#watched.set(person, undefined);
    this.#spell();
    // Whoever is monitored by another spelling is one entry with them on the server's list.
    const isKept = (person: PersonId): boolean =>
      this.#meant(personOf(this.#core(), person)).some((one) => !this.#byPolling.has(one));
    const over = known.filter((person) => !isKept(person));
    if (this.#core().ready) this.#say(lists(over, ',').map((names) => compose('MONITOR', '-', names)));
    this.#begin(fresh);
  }

  seen(person: PersonId, show: Show, status: string | undefined, at: Date): void {
    for (const one of this.#meant(person)) this.#seen(one, show, status, at);
  }

  #seen(person: PersonId, show: Show, status: string | undefined, at: Date): void {
    const now = `${show} ${status ?? ''}`;
    if (this.#watched.get(person) === now) return;
    this.#watched.set(person, now);
    this.#core().emit({ kind: 'presence', at, person, show, ...(status !== undefined && { status }) });
  }

  /** Here, as somebody whose AWAY may be known from a channel. */
  here(person: PersonId, at: Date): void {
    const known = this.#core().profiles.get(person);
    for (const one of this.#meant(person)) {
      // An ISON says only that they are here; what is known of their being away stays.
      if (this.#watched.get(one)?.startsWith('away') === true) continue;
      this.#seen(one, known?.show ?? 'online', known?.status, at);
    }
  }

  listed(person: PersonId, isAway: boolean, at: Date): void {
    for (const one of this.#meant(person)) {
      if (!isAway) this.#seen(one, 'online', undefined, at);
      else if (this.#watched.get(one)?.startsWith('away') !== true)
        this.#seen(one, 'away', this.#core().profiles.get(person)?.status, at);
    }
  }

  told(line: Line): void {
    const at = atOf(this.#core(), line);
    const named = (line.params.at(-1) ?? '').split(',');
    const persons = named.map((entry) => personOf(this.#core(), entry.split('!', 1)[0] ?? ''));
    const doubtful = persons.filter((person) => this.#isDoubtful(person));
    if (line.command === '731') for (const person of persons) this.seen(person, 'offline', undefined, at);
    else {
      this.#found(persons, at);
      this.#say(userhostLines(doubtful), 3);
    }
  }

  /** Who was away when our owner wrote to them (301) may have come back before the server was to tell us of that. */
  #isDoubtful(person: PersonId): boolean {
    const isFirst = this.#meant(person).filter((one) => this.#unanswered.delete(one)).length > 0;
    const isAway = (one: PersonId): boolean => this.#watched.get(one)?.startsWith('away') === true;
    return isFirst && !this.#core().profiles.has(person) && this.#meant(person).some(isAway);
  }

  /** Those who were here before we asked may have been away for long, of which no server tells by itself. */
  #found(persons: readonly PersonId[], at: Date): void {
    const unknown = persons.filter((person) => this.#meant(person).some((one) => this.#watched.get(one) === undefined));
    for (const person of persons) this.here(person, at);
    this.#say(userhostLines(unknown.slice(0, mostPolled)), 3);
  }

  full(line: Line): void {
    for (const name of (line.params[2] ?? '').split(',')) {
      for (const person of this.#meant(personOf(this.#core(), name))) {
        this.#byPolling.add(person);
        this.#unanswered.delete(person);
      }
    }
    this.#poll();
  }

  polled(line: Line): boolean {
    const group = this.#asked.shift();
    if (group === undefined) return false;
    const at = atOf(this.#core(), line);
    const here = new Set((line.params.at(-1) ?? '').split(' ').map((name) => personOf(this.#core(), name)));
    const found = group.filter((person) => here.has(person));
    for (const person of group) if (!here.has(person)) this.seen(person, 'offline', undefined, at);
    this.#found(found, at);
    return true;
  }

  awayUnheard(): readonly PersonId[] {
    const { link } = this.#core();
    const isTold = link?.has('extended-monitor') === true && link.has('away-notify');
    const isUnheard = ([person, told]: readonly [PersonId, string | undefined]): boolean =>
      told?.startsWith('away') === true && (!isTold || this.#byPolling.has(person));
    return [...this.#watched].filter(isUnheard).map(([person]) => person);
  }

  up(): void {
    this.#spell();
    this.#begin([...this.#watched.keys()]);
  }

  lost(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#asked.length = 0;
    this.#byPolling.clear();
    this.#unanswered.clear();
    for (const person of this.#watched.keys()) this.#watched.set(person, undefined);
  }

  #spell(): void {
    this.#spelled.clear();
    for (const given of this.#watched.keys()) {
      const person = personOf(this.#core(), given);
      if (person === given) continue;
      const others = this.#spelled.get(person) ?? (this.#watched.has(person) ? [person] : []);
      this.#spelled.set(person, [...others, given]);
      noteAddress(this.#core(), given);
    }
  }

  /** By which of the watched our owner means that person. */
  #meant(person: PersonId): readonly PersonId[] {
    return this.#spelled.get(person) ?? (this.#watched.has(person) ? [person] : nobody);
  }

  #say(lines: readonly string[], priority: 2 | 3 = 2): void {
    try {
      for (const line of lines) this.#core().send(line, priority);
    } catch (error) {
      // The connection is about to end, and the next begins anew.
      if (!(error instanceof GatewayError)) throw error;
    }
  }

  #begin(persons: readonly PersonId[]): void {
    if (!this.#core().ready) return;
    const most = this.#core().support.monitor ?? 0;
    const room = Math.max(0, most - (this.#watched.size - this.#byPolling.size - persons.length));
    this.#say(lists(persons.slice(0, room), ',').map((names) => compose('MONITOR', '+', names)));
    for (const person of persons.slice(0, room)) this.#unanswered.add(person);
    for (const person of persons.slice(room)) this.#byPolling.add(person);
    this.#poll();
  }

  #poll(): void {
    if (this.#byPolling.size === 0 || !this.#core().ready || this.#cancel !== undefined) return;
    const from = this.#turn < this.#byPolling.size ? this.#turn : 0;
    this.#turn = from + mostPolled;
    const groups = lists([...this.#byPolling].slice(from, this.#turn), ' ');
    for (const names of groups) this.#asked.push(names.split(' ').map((name) => personOf(this.#core(), name)));
    this.#say(groups.map((names) => compose('ISON', ...names.split(' '))));
    this.#cancel = this.#clock.after(pollMs, () => {
      this.#cancel = undefined;
      this.#asked.length = 0;
      this.#poll();
    });
  }
}

/** Names in as few texts as lines hold. */
function lists(names: readonly string[], separator: string): readonly string[] {
  const found: string[] = [];
  let text = '';
  for (const name of names) {
    if (text !== '' && Buffer.byteLength(text) + Buffer.byteLength(name) + 1 > maxNamesBytes) {
      found.push(text);
      text = '';
    }
    text = text === '' ? name : `${text}${separator}${name}`;
  }
  return text === '' ? found : [...found, text];
}

/** 730, 731 and 734, for the table of commands. */
export function onWatched(core: Core, line: Line): void {
  if (line.command === '734') core.watching.full(line);
  else core.watching.told(line);
}
