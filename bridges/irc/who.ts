/**
 * One WHO behind each join, for what no capability tells of those who were there before us: account, real name, away, bot, operator. Never of a big
 * channel; one at a time, with a pause between, behind whatever else is to be sent.
 */

import type { Clock, MemberChange } from '#bridge';
import { sparseSet } from '#bridge';
import type { Channel } from './channel.ts';
import { type Core, personOf } from './core.ts';
import { atOf } from './line-facts.ts';
import { accountOf, type Facts, note, realNameOf } from './people.ts';
import { awayAsListed } from './status.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

/** With WHOX a member is some hundred bytes, and the server tells accounts; without it, less is learnt. */
const mostWithFields = 1000;
const mostWithout = 200;
const pauseMs = 1000;
const answerMs = 60_000;
/** Any number of at most three digits: whose answers are ours. */
const token = '152';

export interface Whos {
  /** The channel's list of members is whole. */
  look(channel: Channel): void;
  /** 352 and 354; false: it answers no question of ours. */
  row(line: Line): boolean;
  /** 315: the end; any other line about that channel that says that there will be none (263, 403, 416): true where it was. */
  end(line: Line): boolean;
  /** The connection is gone. */
  lost(): void;
}

/** One for a login; nothing is asked before a channel is looked at. */
export const createWhos = (core: () => Core, clock: Pick<Clock, 'after' | 'now'>): Whos => new Enquirer(core, clock);

/** An object of a class: each session has one. */
class Enquirer implements Whos {
  readonly #core: () => Core;
  readonly #clock: Pick<Clock, 'after' | 'now'>;
  readonly #waiting = sparseSet<string>();
  #active: { readonly folded: string; readonly found: Map<string, Facts> } | undefined;
  #cancel: (() => void) | undefined;

  constructor(core: () => Core, clock: Pick<Clock, 'after' | 'now'>) {
    this.#core = core;
    this.#clock = clock;
  }

  look(channel: Channel): void {
    if (!channel.asked || !isWorthIt(this.#core(), channel)) return;
    this.#waiting.add(channel.folded);
    if (this.#active === undefined) this.#cancel ??= this.#clock.after(0, () => this.#next());
  }

  row(line: Line): boolean {
    if (this.#active === undefined) return false;
    const core = this.#core();
    const read = line.command === '354' ? readFields(core, line) : readRow(core, line, this.#active.folded);
    if (read === undefined) return false;
    const person = personOf(core, read.nick);
    const changed = note(core, person, read.facts);
    if (changed !== undefined) this.#active.found.set(person, changed);
    if (read.isAway) core.watching.listed(person, true, atOf(core, line));
    return true;
  }

  end(line: Line): boolean {
    if (this.#active === undefined) return false;
    const about = line.params[1] ?? '';
    if (this.#core().fold(about) !== this.#active.folded && about.toUpperCase() !== 'WHO') return false;
    this.#finish();
    return true;
  }

  lost(): void {
    this.#waiting.clear();
    this.#active = undefined;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #next(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#active = undefined;
    // What people say goes first, so that a WHO never costs a message its place.
    if (this.#waiting.size > 0 && (this.#core().link?.transport.sender.pending() ?? 0) > 0) {
      this.#cancel = this.#clock.after(pauseMs, () => this.#next());
      return;
    }
    for (const folded of this.#waiting) {
      this.#waiting.delete(folded);
      const channel = this.#core().channels.get(folded);
      if (channel === undefined || !isWorthIt(this.#core(), channel)) continue;
      this.#active = { folded, found: new Map() };
      this.#cancel = this.#clock.after(answerMs, () => this.#next());
      try {
        this.#core().send(question(this.#core(), channel), 2);
      } catch {
        // Too much waits to be sent, or the connection ends: what a WHO tells can be done without.
        this.#finish();
      }
      return;
    }
  }

  #finish(): void {
    const done = this.#active;
    this.#active = undefined;
    this.#cancel?.();
    this.#cancel = this.#clock.after(pauseMs, () => this.#next());
    const channel = done && this.#core().channels.get(done.folded);
    if (done === undefined || channel === undefined) return;
    // What is learnt of a person holds in every channel.
    for (const one of this.#core().channels.values()) tell(this.#core(), one, done.found, this.#clock.now());
  }
}

const isWorthIt = (core: Core, { joined, members }: Channel): boolean =>
  joined && members.size > 1 && members.size <= (core.support.whox ? mostWithFields : mostWithout);

const question = (core: Core, { name }: Channel): string =>
  core.support.whox ? compose('WHO', name, `%tuhnfar,${token}`) : compose('WHO', name);

function tell(core: Core, channel: Channel, found: ReadonlyMap<string, Facts>, now: number): void {
  if (!channel.asked || channel.listing) return;
  const changes: MemberChange[] = [];
  for (const [id, facts] of found) {
    const person = channel.members.get(id)?.person;
    if (person !== undefined) changes.push({ is: 'facts', person, facts });
  }
  if (changes.length > 0) core.emit({ kind: 'members', at: new Date(now), chat: channel.chat, changes });
}

interface Row {
  readonly nick: string;
  readonly isAway: boolean;
  readonly facts: Facts;
}

/** 352: `channel user host server nick flags :hops real name`. */
function readRow(core: Core, { params }: Line, folded: string): Row | undefined {
  const [, channel = '', user = '', host = '', , nick = '', flags = ''] = params;
  if (nick === '' || (channel !== '*' && core.fold(channel) !== folded)) return undefined;
  const realName = (params[7] ?? '').replace(/^[0-9]+ ?/, '');
  return {
    nick,
    isAway: isGone(flags),
    facts: { ...flagged(core, nick, flags), ...known(nick, user, host, realName) },
  };
}

/** 354 with the fields that we ask for, in the order that WHOX fixes: `token user host nick flags account :real name`. */
function readFields(core: Core, { params }: Line): Row | undefined {
  const [, ours, user = '', host = '', nick = '', flags = '', account] = params;
  if (ours !== token || nick === '') return undefined;
  const facts = { ...flagged(core, nick, flags), ...known(nick, user, host, params[7] ?? '') };
  return { nick, isAway: isGone(flags), facts: { ...facts, account: accountOf(account) } };
}

const known = (nick: string, user: string, host: string, realName: string): Facts => ({
  ...(user !== '' && host !== '' && { address: `${user}@${host}` }),
  realName: realNameOf(nick, realName),
});

const isGone = (flags: string): boolean => flags.startsWith('G');

/** H here, G gone, `*` an operator, and the letter that marks a bot. */
function flagged(core: Core, nick: string, flags: string): Facts {
  const { bot } = core.support;
  return {
    ...awayAsListed(core, nick, isGone(flags)),
    isOperator: flags.includes('*') ? true : null,
    ...(bot !== undefined && { isBot: flags.includes(bot, 1) ? true : null }),
  };
}
