/**
 * One WHO behind each join, for what no capability tells of those who were there before us: account, real name, away, bot, operator. Never of a big
 * channel; one at a time, with a pause between, behind whatever else is to be sent.
 */

import type { Clock, MemberChange } from '#bridge';
import { sparseSet } from '#bridge';
import type { Channel } from './channel.ts';
import { type Core, personOf } from './core.ts';
import { accountOf, type Facts, note, realNameOf } from './people.ts';
import { away as awayFacts } from './status.ts';
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
export function createWhos(core: () => Core, clock: Pick<Clock, 'after' | 'now'>): Whos {
  const waiting = sparseSet<string>();
  let active: { readonly folded: string; readonly found: Map<string, Facts> } | undefined;
  let cancel: (() => void) | undefined;

  function next(): void {
    cancel?.();
    cancel = undefined;
    active = undefined;
    // What people say goes first, so that a WHO never costs a message its place.
    if (waiting.size > 0 && (core().link?.transport.sender.pending() ?? 0) > 0) {
      cancel = clock.after(pauseMs, next);
      return;
    }
    for (const folded of waiting) {
      waiting.delete(folded);
      const channel = core().channels.get(folded);
      if (channel === undefined || !isWorthIt(core(), channel)) continue;
      active = { folded, found: new Map() };
      cancel = clock.after(answerMs, next);
      try {
        core().send(question(core(), channel), 2);
      } catch {
        // Too much waits to be sent, or the connection ends: what a WHO tells can be done without.
        finish();
      }
      return;
    }
  }

  function finish(): void {
    const done = active;
    active = undefined;
    cancel?.();
    cancel = clock.after(pauseMs, next);
    const channel = done && core().channels.get(done.folded);
    if (done === undefined || channel === undefined) return;
    // What is learnt of a person holds in every channel.
    for (const one of core().channels.values()) tell(core(), one, done.found, clock.now());
  }

  return {
    look(channel) {
      if (!channel.asked || !isWorthIt(core(), channel)) return;
      waiting.add(channel.folded);
      if (active === undefined) cancel ??= clock.after(0, next);
    },
    row(line) {
      if (active === undefined) return false;
      const read = line.command === '354' ? readFields(core(), line) : readRow(core(), line, active.folded);
      if (read === undefined) return false;
      const person = personOf(core(), read.nick);
      const changed = note(core(), person, read.facts);
      if (changed !== undefined) active.found.set(person, changed);
      return true;
    },
    end(line) {
      if (active === undefined) return false;
      const about = line.params[1] ?? '';
      if (core().fold(about) !== active.folded && about.toUpperCase() !== 'WHO') return false;
      finish();
      return true;
    },
    lost() {
      waiting.clear();
      active = undefined;
      cancel?.();
      cancel = undefined;
    },
  };
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
  readonly facts: Facts;
}

/** 352: `channel user host server nick flags :hops real name`. */
function readRow(core: Core, { params }: Line, folded: string): Row | undefined {
  const [, channel = '', user = '', host = '', , nick = '', flags = ''] = params;
  if (nick === '' || (channel !== '*' && core.fold(channel) !== folded)) return undefined;
  const realName = (params[7] ?? '').replace(/^[0-9]+ ?/, '');
  return { nick, facts: { ...flagged(core, nick, flags), ...known(nick, user, host, realName) } };
}

/** 354 with the fields that we ask for, in the order that WHOX fixes: `token user host nick flags account :real name`. */
function readFields(core: Core, { params }: Line): Row | undefined {
  const [, ours, user = '', host = '', nick = '', flags = '', account] = params;
  if (ours !== token || nick === '') return undefined;
  const facts = { ...flagged(core, nick, flags), ...known(nick, user, host, params[7] ?? '') };
  return { nick, facts: { ...facts, account: accountOf(account) } };
}

const known = (nick: string, user: string, host: string, realName: string): Facts => ({
  ...(user !== '' && host !== '' && { address: `${user}@${host}` }),
  realName: realNameOf(nick, realName),
});

/** H here, G gone, `*` an operator, and the letter that marks a bot. Why somebody is away is not told, so what is known of it stays. */
function flagged(core: Core, nick: string, flags: string): Facts {
  const isAway = flags.startsWith('G');
  const known = core.profiles.get(personOf(core, nick));
  const { bot } = core.support;
  return {
    ...(isAway ? (known?.show === undefined ? awayFacts('') : {}) : awayFacts(undefined)),
    isOperator: flags.includes('*') ? true : null,
    ...(bot !== undefined && { isBot: flags.includes(bot, 1) ? true : null }),
  };
}
