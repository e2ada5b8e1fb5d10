/**
 * Tells systemd how the service is (sd_notify(3)): ready, alive, stopping. Its socket is one for datagrams, which Node does not have; the packages that do are
 * compiled where they are installed, so systemd's own program says it for us, a few times a minute. The unit needs NotifyAccess=all.
 */
import { spawn } from 'node:child_process';
import type { Clock, Log } from '../bridge/contract.ts';

export interface ServiceNotice {
  /** It does its work. Until then systemd is asked for more time, as long as the event loop turns. */
  ready(): void;
  /** It stops: no more signs of life. Resolves when systemd has been told. */
  stopping(): Promise<void>;
}

export interface ServiceNoticeParts {
  /** NOTIFY_SOCKET and WATCHDOG_USEC are looked at. Without the first nobody wants to know. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Says these assignments; absent: by systemd-notify. Rejects where it can't. */
  readonly say?: (assignments: readonly string[]) => Promise<void>;
}

const startingEveryMs = 10_000;
/** What is asked for each time: longer than until we ask again. */
const startingMicroseconds = 40_000_000;
const sayWithinMs = 1_000;
/** After what was not heard. */
const unheardMs = 5_000;

/** Begins to ask for time at once. */
export function createServiceNotice({ env, clock, log, say }: ServiceNoticeParts): ServiceNotice {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdog } = env;
  if (socket === undefined || socket === '') return { ready: () => undefined, stopping: async () => undefined };
  const tellSystemd = say ?? ((assignments) => runNotify(assignments, socket, clock));
  /** As sd_watchdog_enabled(3) asks for: twice in the time. */
  const aliveEveryMs = Number(watchdog) > 0 ? Number(watchdog) / 2_000 : undefined;
  let cancel = (): void => undefined;
  let stage: 'starting' | 'ready' | 'stopping' = 'starting';
  let isReadyHeard = false;
  let complained = false;
  /** One at a time, in order. */
  let before: Promise<void> = Promise.resolve();

  /** Resolves with whether it was heard. */
  function tell(...assignments: string[]): Promise<boolean> {
    const told = before
      .then(() => tellSystemd(assignments))
      .then(
        () => true,
        (error: unknown) => {
          if (!complained) log.warn({ error }, 'systemd could not be told how the service is (systemd-notify)');
          complained = true;
          return false;
        },
      );
    before = told.then(() => undefined);
    return told;
  }

  function nextWord(): { readonly assignments: readonly string[]; readonly everyMs?: number | undefined } {
    if (stage === 'starting')
      return {
        assignments: ['STATUS=Waiting for the XMPP server', `EXTEND_TIMEOUT_USEC=${startingMicroseconds}`],
        everyMs: startingEveryMs,
      };
    return { assignments: isReadyHeard ? ['WATCHDOG=1'] : ['READY=1', 'STATUS=Running'], everyMs: aliveEveryMs };
  }

  /** What was not heard is said again soon: of a machine that is slow for a moment systemd would end what is well. */
  async function again(): Promise<void> {
    const at = stage;
    const { assignments, everyMs = Number.POSITIVE_INFINITY } = nextWord();
    const next = (ms: number): void => {
      cancel();
      if (ms < Number.POSITIVE_INFINITY) cancel = clock.after(ms, () => void again());
    };
    next(everyMs);
    const isHeard = await tell(...assignments);
    if (stage !== at) return;
    if (!isHeard) next(Math.min(everyMs, unheardMs));
    else if (stage === 'ready') isReadyHeard = true;
  }
  void again();

  return {
    ready() {
      if (stage !== 'starting') return;
      stage = 'ready';
      void again();
    },
    async stopping() {
      if (stage === 'stopping') return before;
      stage = 'stopping';
      cancel();
      await tell('STOPPING=1', 'STATUS=Stopping');
    },
  };
}

function runNotify(assignments: readonly string[], socket: string, clock: Clock): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn('systemd-notify', assignments, { env: { NOTIFY_SOCKET: socket }, stdio: 'ignore' });
  const late = clock.after(sayWithinMs, () => child.kill('SIGKILL'));
  child.once('error', reject);
  child.once('close', (code, signal) =>
    code === 0 ? resolve() : reject(new Error(`systemd-notify ended with ${code ?? signal}`)),
  );
  return promise.finally(late);
}
