/**
 * As few PARTs as may be. One is under way at a time; channels that are left meanwhile go with the next one: whoever leaves two hundred would else wait for as
 * many lines, and as many PINGs behind them, before they can come back into the last.
 */
import { GatewayError } from '#bridge';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { changeRefusals } from './refusals.ts';
import { compose } from './wire/compose.ts';

export interface PartLines {
  /** Resolves when the server has dealt with it, whatever it said; rejects when aborted. */
  part(channel: Channel, reason: string, signal: AbortSignal): Promise<void>;
}

interface Leaving {
  readonly channel: Channel;
  readonly reason: string;
  readonly signal: AbortSignal;
  over(): void;
  /** The server has passed it over in a line with others. */
  readonly isAlone?: true;
}

/** As many as InspIRCd reads of a line, where a server does not say (TARGMAX). */
const usuallyAtMost = 20;
/** Of names, beside the longest reason. */
const maxNamesBytes = 220;

/** For one session. */
export const createPartLines = (core: Core): PartLines => new Gathering(core);

/** An object of a class: each session has one. */
class Gathering implements PartLines {
  readonly #core: Core;
  #waiting: readonly Leaving[] = [];
  #isUnderWay = false;

  constructor(core: Core) {
    this.#core = core;
  }

  part(channel: Channel, reason: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const aborted = (): void => reject(signal.reason);
      signal.addEventListener('abort', aborted, { once: true });
      const over = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      this.#waiting = [...this.#waiting, { channel, reason, signal, over }];
      if (!this.#isUnderWay) void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#isUnderWay = true;
    for (let some = this.#take(); some.length > 0; some = this.#take()) {
      await this.#ask(some);
      const isPassedOver = ({ channel }: Leaving): boolean =>
        some.length > 1 && this.#core.channels.get(channel.folded) === channel;
      for (const one of some) if (!isPassedOver(one)) one.over();
      const rest = some.filter(isPassedOver).map((one) => ({ ...one, isAlone: true }) as const);
      this.#waiting = [...rest, ...this.#waiting];
    }
    this.#isUnderWay = false;
  }

  /** As many as one line holds, in their order; none that nobody waits for any more. */
  #take(): readonly Leaving[] {
    const most = this.#core.support.targets.get('PART') ?? usuallyAtMost;
    const wanted = this.#waiting.filter(({ signal }) => !signal.aborted);
    const [first] = wanted;
    let bytes = 0;
    const end = wanted.findIndex(({ channel, reason, isAlone }, at) => {
      bytes += Buffer.byteLength(channel.name) + 1;
      return at > 0 && (at >= most || bytes > maxNamesBytes || reason !== first?.reason || first.isAlone || isAlone);
    });
    const taken = end < 0 ? wanted : wanted.slice(0, end);
    this.#waiting = wanted.slice(taken.length);
    return taken;
  }

  /** Never refused: who is not in a channel has left it. */
  async #ask(some: readonly Leaving[]): Promise<void> {
    const names = some.map(({ channel }) => channel.name).join(',');
    const about = some.map(({ channel }) => channel.folded);
    const reason = some[0]?.reason ?? '';
    const line = reason === '' ? compose('PART', names) : compose('PART', names, reason);
    // A line that waits is sent all the same, so whoever gives up one gives up none of the others.
    const { signal } = new AbortController();
    try {
      // What was said before leaving would else be refused: who is out may not speak (+n).
      await this.#core.asks.ask({ lines: [line], refusals: changeRefusals, about, signal, inTurn: true });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
    }
  }
}
