/**
 * LIST: which channels a server has. Its answer is streamed and may be long; it is kept for all (directory.ts) and served by the page. What an operator is
 * told has secret channels in it, and is kept for them alone.
 */
import { type Clock, chatId, GatewayError } from '#bridge';
import { until } from './bans.ts';
import type { Core } from './core.ts';
import { createDirectory, type Directory, type Entry } from './directory.ts';
import { isChannelHere } from './line-facts.ts';
import { away, timedOut } from './refusals.ts';
import { fold } from './wire/casemap.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';
import { matches } from './wire/mask.ts';

const mostKept = 50_000;
/** The longest silence within an answer. */
const answerMs = 60_000;
const longestPattern = 64;

export interface Query {
  readonly match?: string;
  readonly after?: string;
  readonly max: number;
}

export interface Listing {
  /** The biggest channels first; all that are kept are the same list each time. Rejects with `no-such-room` where `after` is none of them. */
  page(query: Query, signal: AbortSignal | undefined): Promise<readonly Entry[]>;
  /** 322; false: nobody has asked for it. */
  row(line: Line): boolean;
  /** 323: the answer is whole; false: nobody has asked. */
  end(): boolean;
  /** A numeric that says that there will be none; true: it was about this. */
  refused(line: Line): boolean;
  lost(): void;
}

interface Active {
  readonly entries: Entry[];
  resolve(entries: readonly Entry[]): void;
  reject(error: GatewayError): void;
}

/** One a login. @param shared what all who come to the server by the same way are told */
export function createListing(core: () => Core, shared: Directory, clock: Pick<Clock, 'after'>): Listing {
  let operators: Directory | undefined;
  /** What is told on a way of its user's own. */
  let own: Directory | undefined;
  let active: Active | undefined;
  let cancel: (() => void) | undefined;

  function wait(): void {
    cancel?.();
    cancel = clock.after(answerMs, () => over((one) => one.reject(timedOut('LIST'))));
  }

  function over(how: (one: Active) => void): void {
    const one = active;
    active = undefined;
    cancel?.();
    cancel = undefined;
    if (one !== undefined) how(one);
  }

  function ask(pattern: string): Promise<readonly Entry[]> {
    return new Promise((resolve, reject) => {
      if (!core().ready) throw away(core().server.name);
      if (active !== undefined) {
        throw new GatewayError('too-fast', { text: 'Another list is being made; try again in a moment.' });
      }
      active = { entries: [], resolve, reject };
      wait();
      try {
        core().send(line(core(), pattern), 1);
      } catch (error) {
        over(() => reject(error));
      }
    });
  }

  function directoryNow(): Directory {
    const { isOperator, link } = core();
    operators = isOperator ? (operators ?? createDirectory(clock)) : undefined;
    if (operators !== undefined) return operators;
    if (link?.isOwnWay !== true) return shared;
    own ??= createDirectory(clock);
    return own;
  }

  async function find(match: string | undefined): Promise<readonly Entry[]> {
    const pattern = patternOf(match);
    const directory = directoryNow();
    const all = pattern === '' ? undefined : await directory.everything()?.catch(() => undefined);
    // A server that can't choose tells everything, and we choose.
    const asked = core().support.elist.includes('M') ? pattern : '';
    const entries = all ?? (await directory.get(asked, () => ask(asked)));
    if (pattern === '') return entries;
    return entries.filter(({ name }) => matches(pattern, name.toLowerCase()));
  }

  return {
    async page({ match, after, max }, signal) {
      const entries = await (signal === undefined ? find(match) : until(find(match), signal));
      if (after === undefined && entries.length <= max) return entries;
      const from = after === undefined ? 0 : entries.findIndex(({ chat }) => chat === after) + 1;
      if (from === 0 && after !== undefined) {
        throw new GatewayError('no-such-room', { text: `${after} is not on the list, or not any more.` });
      }
      return entries.slice(from, from + Math.max(0, max));
    },
    row({ params }) {
      if (active === undefined) return false;
      wait();
      const [, name = '', size] = params;
      if (active.entries.length >= mostKept || !isChannelHere(core(), name) || isSecret(core(), name)) return true;
      const folded = fold(core().support.casemapping, name);
      active.entries.push({ chat: chatId(folded), name, size: Number(size) || 0 });
      return true;
    },
    end() {
      if (active === undefined) return false;
      over(({ entries, resolve }) => resolve(entries.sort((one, other) => other.size - one.size)));
      return true;
    },
    refused(line) {
      if (active === undefined || !/^list$/i.test(line.params[1] ?? '')) return false;
      const text = line.params.at(-1) ?? '';
      const code = line.command === '263' ? 'too-fast' : 'network-refused';
      over(({ reject }) => reject(new GatewayError(code, { text })));
      return true;
    },
    lost: () => over(({ reject }) => reject(away(core().server.name))),
  };
}

/** A secret channel is shown to its members; they must not show it to everybody. */
const isSecret = (core: Core, name: string): boolean =>
  core.channels.get(fold(core.support.casemapping, name))?.hidden === true;

/** As a glob in lower case; '' for all. */
function patternOf(match: string | undefined): string {
  const text = (match ?? '')
    .toLowerCase()
    .replace(/[\0-\x20,\x7f]+/g, '*')
    .slice(0, longestPattern)
    .toWellFormed();
  if (/^\**$/.test(text)) return '';
  return /[*?]/.test(text) ? text : `*${text}*`;
}

/** Where a server might throw us out for asking for too much (no SAFELIST), channels of one or two are left out, if it can do that. */
function line({ support }: Core, pattern: string): string {
  if (pattern !== '') return compose('LIST', pattern);
  return !support.safelist && support.elist.includes('U') ? compose('LIST', '>2') : compose('LIST');
}
