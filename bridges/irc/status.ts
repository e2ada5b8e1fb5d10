/** Away, ours and others': AWAY both ways, 301, 305 and 306. IRC knows here and away, and a text. */
import { GatewayError, type Show } from '#bridge';
import { type Core, personOf } from './core.ts';
import { atOf } from './line-facts.ts';
import { type Facts, learn } from './people.ts';
import { oneLine } from './requirements.ts';
import { compose } from './wire/compose.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';

const usualAwayBytes = 200;
/** As Solanum has it on the large networks. */
const againMs = 30_000;

/** What AWAY says where its owner said nothing. */
const texts: Readonly<Record<Show, string>> = {
  online: '',
  chat: '',
  away: 'Away',
  xa: 'Not available',
  dnd: 'Do not disturb',
  offline: 'Offline',
};

/** Being away with that text, or here, as facts of a member. */
export const away = (text: string | undefined): Facts =>
  text === undefined ? { show: null, status: null } : { show: 'away', status: text === '' ? null : text };

/** The same as a list of people tells it. Why somebody is away stands in none, so what is known of that stays. */
export function awayAsListed(core: Core, nick: string, isAway: boolean): Facts {
  if (!isAway) return away(undefined);
  return core.profiles.get(personOf(core, nick))?.show === undefined ? away('') : {};
}

/**
 * What our owner is said to be: what they show to us, unless they typed something else. A text that was typed stands until they type again; that they
 * are here, until they show something else. Kept over reconnects.
 */
export interface Appearance {
  /** Says it to the server where that changes anything; without a connection the next one hears it. */
  appear(show: Show, status: string | undefined): void;
  /** The line that says what was typed, '' for here; it counts as said. */
  typed(text: string): string;
  /** What they show, empty for here, while what they typed stands before it. */
  readonly hidden: string | undefined;
  /** What was said last; empty: here. */
  readonly text: string;
  /** A connection has been registered: a new one begins as here. */
  up(): void;
  /** The server has not taken what was said last, as it comes too often: it is said again later, as it is then. */
  refused(): void;
}

/** Nothing is said before a connection is up. */
export const createAppearance = (core: () => Core): Appearance => new Shown(core);

/** An object of a class: each session has one. */
class Shown implements Appearance {
  readonly #core: () => Core;
  #shown = '';
  #typed: string | undefined;
  #told = '';
  #isRefused = false;
  #cancel: (() => void) | undefined;

  constructor(core: () => Core) {
    this.#core = core;
  }

  get text(): string {
    return this.#told;
  }

  get hidden(): string | undefined {
    return this.#typed === undefined ? undefined : this.#shown;
  }

  appear(show: Show, status: string | undefined): void {
    const before = this.#shown;
    const isHere = show === 'online' || show === 'chat';
    this.#shown = isHere ? '' : this.#fitting(status?.trim() || texts[show]);
    if (this.#typed === '' && this.#shown !== before) this.#typed = undefined;
    this.#tell();
  }

  typed(text: string): string {
    this.#typed = this.#fitting(text);
    this.#told = this.#typed;
    this.#isRefused = false;
    return lineOf(this.#typed);
  }

  up(): void {
    this.#told = '';
    this.#isRefused = false;
    this.#tell(1);
  }

  refused(): void {
    this.#isRefused = true;
    this.#cancel ??= this.#core().clock.after(againMs, () => {
      this.#cancel = undefined;
      if (this.#isRefused) this.#tell();
    });
  }

  #fitting(text: string): string {
    return oneLine(text, this.#core().support.awayLength ?? usualAwayBytes);
  }

  /** What was said before going away is said before; rooms are entered as who is away already. */
  #tell(priority: 1 | 2 = 2): void {
    const wanted = this.#typed ?? this.#shown;
    if (!this.#core().ready || (wanted === this.#told && !this.#isRefused)) return;
    try {
      this.#core().send(lineOf(wanted), priority);
      this.#told = wanted;
      this.#isRefused = false;
    } catch (error) {
      // Worth nothing late: the next change says it.
      if (!(error instanceof GatewayError)) throw error;
    }
  }
}

const lineOf = (text: string): string => (text === '' ? compose('AWAY') : compose('AWAY', text));

/** AWAY (away-notify, and with extended-monitor of those who are watched). */
export function onAway(core: Core, line: Line): void {
  const text = line.params[0];
  const facts = away(text === undefined || text === '' ? undefined : readFormat(text).plain);
  learn(core, line.nick, facts, line);
  core.watching.seen(personOf(core, line.nick), facts.show ?? 'online', facts.status ?? undefined, atOf(core, line));
}

/** 301: the answer to a message, or a line of a WHOIS. */
export function onIsAway(core: Core, line: Line): void {
  const nick = line.params[1] ?? '';
  const text = readFormat(line.params[2] ?? '').plain;
  learn(core, nick, away(text), line);
  core.watching.seen(personOf(core, nick), 'away', text === '' ? undefined : text, atOf(core, line));
}

/** 305 and 306: we are here, we are away. Of ourselves servers send no AWAY. */
export function onOurAway(core: Core, line: Line): void {
  learn(core, core.nick, line.command === '306' ? away(core.appearance.text) : away(undefined), line);
}
