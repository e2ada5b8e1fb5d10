/**
 * Gets us the nick that we wish when we had to come in under another: by the services at once, else in the moment in which whoever has it (our own
 * ghost, mostly) is gone. MONITOR tells of that; where there is none USERHOST is asked each minute (not
 * ISON, whose answers are told apart by their order), and what is seen in channels counts too.
 */
import type { Core } from './core.ts';
import type { Services } from './services.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

export interface Regain {
  /** A connection is up. */
  start(): void;
  /** Looks at a line behind all others that do; never takes it. */
  hear(line: Line): void;
  stop(): void;
}

const askMs = 60_000;
const maxAsks = 60;
/** Servers limit changes of nick; a second word that it is free may come with the first. */
const againMs = 5000;
const maxSigns = 5;

/** For one login. */
export function createRegain(core: () => Core, services: Services): Regain {
  /** The nick that is watched for. */
  let watched: string | undefined;
  let monitored = false;
  let cancelTimer: (() => void) | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  /** Words of the services that were taken for a sign. */
  let signs = 0;

  const isWatched = (nick: string): boolean =>
    watched !== undefined && nick !== '' && core().fold(nick) === core().fold(watched);

  function stop(): void {
    cancelTimer?.();
    cancelTimer = undefined;
    if (monitored && watched !== undefined && core().ready) core().send(compose('MONITOR', '-', watched), 1);
    watched = undefined;
    monitored = false;
    services.stop();
  }

  /** We have it, or do not wish it any more. */
  function isOver(): boolean {
    const { nick, wanted, fold, ready } = core();
    return !ready || fold(nick) === fold(wanted) || !isWatched(wanted);
  }

  function take(anyway = false): void {
    const { clock, send, wanted } = core();
    if (!anyway && clock.now() - triedAt < againMs) return;
    triedAt = clock.now();
    send(compose('NICK', wanted), 1);
  }

  function ask(left: number): void {
    cancelTimer =
      left === 0
        ? undefined
        : core().clock.after(askMs, () => {
            if (isOver()) {
              stop();
              return;
            }
            core().send(compose('USERHOST', core().wanted), 1);
            ask(left - 1);
          });
  }

  function isFree({ command, nick, params }: Line): boolean {
    switch (command) {
      case '731':
        return (params.at(-1) ?? '').split(',').some((one) => isWatched(one.split('!', 1)[0] ?? ''));
      case '302':
        return !monitored && !(params.at(-1) ?? '').split(' ').some((one) => isWatched(one.replace(/\*?=.*$/, '')));
      case 'QUIT':
      case 'NICK':
      case 'KILL':
        return isWatched(command === 'KILL' ? (params[0] ?? '') : nick);
      default:
        return false;
    }
  }

  return {
    start() {
      const { nick, wanted, fold, support, send } = core();
      stop();
      triedAt = Number.NEGATIVE_INFINITY;
      signs = 0;
      if (fold(nick) === fold(wanted)) return;
      watched = wanted;
      services.regain();
      if (support.monitor !== undefined) {
        monitored = true;
        send(compose('MONITOR', '+', wanted), 1);
      } else {
        ask(maxAsks);
      }
    },
    hear(line) {
      const done = services.hear(line);
      if (watched === undefined) return;
      if (isOver()) stop();
      else if (done) take(signs++ < maxSigns);
      else if (isFree(line)) take();
      // 432 is what a nick that services hold back can look like, too.
      else if (/^43[237]$/.test(line.command) && isWatched(line.params[1] ?? '')) services.release();
    },
    stop,
  };
}
