/**
 * Who of some people is online, without sharing a channel: MONITOR where the server has it, with their AWAY where extended-monitor is in force; else, and
 * for those whom its list has no room for, ISON now and then.
 */
import { type Clock, GatewayError, type PersonId, type Show, sparseMap, sparseSet } from '#bridge';
import { type Core, personOf } from './core.ts';
import { atOf } from './line-facts.ts';
import { isNick } from './names.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

const mostWatched = 1000;
/** ISON costs a line for some forty people each time. */
const mostPolled = 100;
const pollMs = 60_000;
const maxNamesBytes = 400;

export interface Watching {
  /** These and nobody else from now on. */
  watch(persons: readonly PersonId[]): void;
  /** Somebody was seen so; told where they are watched and it is new. */
  seen(person: PersonId, show: Show, status: string | undefined, at: Date): void;
  /** Somebody was heard of: they are here. */
  here(person: PersonId, at: Date): void;
  /** 730 and 731. */
  told(line: Line): void;
  /** 734: some did not fit. */
  full(line: Line): void;
  /** 303: who of those asked for is here. */
  polled(line: Line): void;
  up(): void;
  lost(): void;
}

export function createWatching(core: () => Core, clock: Pick<Clock, 'after'>): Watching {
  /** What was told last of each; undefined: nothing yet. */
  const watched = sparseMap<PersonId, string | undefined>();
  /** Of them, those whom only ISON tells of. */
  const byPolling = sparseSet<PersonId>();
  /** Those whom an ISON was about, in the order asked. */
  const asked: (readonly PersonId[])[] = [];
  let cancel: (() => void) | undefined;

  function say(lines: readonly string[]): void {
    try {
      for (const line of lines) core().send(line, 2);
    } catch (error) {
      // The connection is about to end, and the next begins anew.
      if (!(error instanceof GatewayError)) throw error;
    }
  }

  function begin(persons: readonly PersonId[]): void {
    if (!core().ready) return;
    const most = core().support.monitor ?? 0;
    const room = Math.max(0, most - (watched.size - byPolling.size - persons.length));
    say(lists(persons.slice(0, room), ',').map((names) => compose('MONITOR', '+', names)));
    for (const person of persons.slice(room)) byPolling.add(person);
    poll();
  }

  function poll(): void {
    if (byPolling.size === 0 || !core().ready || cancel !== undefined) return;
    const groups = lists([...byPolling].slice(0, mostPolled), ' ');
    for (const names of groups) asked.push(names.split(' ').map((name) => personOf(core(), name)));
    say(groups.map((names) => compose('ISON', ...names.split(' '))));
    cancel = clock.after(pollMs, () => {
      cancel = undefined;
      asked.length = 0;
      poll();
    });
  }

  function seen(person: PersonId, show: Show, status: string | undefined, at: Date): void {
    if (!watched.has(person)) return;
    const now = `${show} ${status ?? ''}`;
    if (watched.get(person) === now) return;
    watched.set(person, now);
    core().emit({ kind: 'presence', at, person, show, ...(status !== undefined && { status }) });
  }

  /** Here, as somebody whose AWAY may be known from a channel. */
  function isHere(person: PersonId, at: Date): void {
    const known = core().profiles.get(person);
    // An ISON says only that they are here; what is known of their being away stays.
    if (watched.get(person)?.startsWith('away') === true) return;
    seen(person, known?.show ?? 'online', known?.status, at);
  }

  return {
    watch(persons) {
      const wanted = new Set(persons.filter(isNick).slice(0, mostWatched));
      const gone = [...watched.keys()].filter((person) => !wanted.has(person));
      const fresh = [...wanted].filter((person) => !watched.has(person));
      const known = gone.filter((person) => !byPolling.delete(person));
      for (const person of gone) watched.delete(person);
      for (const person of fresh) watched.set(person, undefined);
      if (core().ready) say(lists(known, ',').map((names) => compose('MONITOR', '-', names)));
      begin(fresh);
    },
    seen,
    here: isHere,
    told(line) {
      const at = atOf(core(), line);
      for (const entry of (line.params.at(-1) ?? '').split(',')) {
        const person = personOf(core(), entry.split('!', 1)[0] ?? '');
        if (line.command === '731') seen(person, 'offline', undefined, at);
        else isHere(person, at);
      }
    },
    full(line) {
      for (const name of (line.params[2] ?? '').split(',')) {
        const person = personOf(core(), name);
        if (watched.has(person)) byPolling.add(person);
      }
      poll();
    },
    polled(line) {
      const group = asked.shift();
      if (group === undefined) return;
      const at = atOf(core(), line);
      const here = new Set((line.params.at(-1) ?? '').split(' ').map((name) => personOf(core(), name)));
      for (const person of group) {
        if (here.has(person)) isHere(person, at);
        else seen(person, 'offline', undefined, at);
      }
    },
    up: () => begin([...watched.keys()]),
    lost() {
      cancel?.();
      cancel = undefined;
      asked.length = 0;
      byPolling.clear();
      for (const person of watched.keys()) watched.set(person, undefined);
    },
  };
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

/** 730, 731, 734 and 303, for the table of commands. */
export function onWatched(core: Core, line: Line): void {
  if (line.command === '734') core.watching.full(line);
  else if (line.command === '303') core.watching.polled(line);
  else core.watching.told(line);
}
