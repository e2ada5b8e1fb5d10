/** Keeps one login connected: the queue for the server, its ports in turn, and again with backoff once it has been up. */
import { type Backoff, backoffMs, type Clock, GatewayError, type Log } from '#bridge';
import type { Link } from './core.ts';
import { DialError, type DialOptions, dial } from './dial.ts';
import type { Pace, Permit } from './pace.ts';
import type { Profile } from './settings.ts';
import type { StsPolicies } from './sts.ts';
import { nextOf, startingAt, targets, type Where } from './targets.ts';

export interface SuperviseOptions
  extends Pick<
    DialOptions,
    | 'attach'
    | 'hear'
    | 'offersChanged'
    | 'readBuffer'
    | 'readLine'
    | 'newClient'
    | 'ca'
    | 'loginRefused'
    | 'stsHeard'
    | 'charsets'
    | 'owner'
    | 'identify'
    | 'onLetIn'
  > {
  /** Its owner was connected before the gateway was restarted. */
  readonly isBack: boolean;
  /** As its owner wants it now. */
  profile(): Profile;
  readonly clock: Clock;
  readonly log: Log;
  readonly pace: Pace;
  readonly sts: Pick<StsPolicies, 'targets' | 'closed'>;
  /** Ends everything, at once. */
  readonly signal: AbortSignal;
  /** Aborted when something is set anew; then another. A wait for the next try is cut short by it. */
  changed(): AbortSignal;
  /** The nick that is wanted now. */
  nick(): string;
  /** The server takes intents. `again`: it is not the first time. */
  onUp(link: Link, again: boolean): void;
  /** It does not any more, and is being tried again. */
  onDown(error: GatewayError): void;
  /** A try to come back has failed, and another one follows. */
  onStillDown(error: GatewayError): void;
  /** The server will not have us as we are: it is not tried again until something is changed. */
  onRefused(error: GatewayError): void;
  /** For people, while they wait. */
  say(text: string): void;
}

const patience: Backoff = { firstMs: 2000, maxMs: 300_000 };
/** Who is thrown out sooner than this has not been let in. */
const stableMs = 60_000;

/** Resolves when connected for the first time, rejects with the GatewayError of the best try. */
export async function supervise(options: SuperviseOptions): Promise<void> {
  await new Supervision(options).establish(false);
}

/** An object of a class: each session has one. */
class Supervision {
  readonly #options: SuperviseOptions;
  readonly #name: string;
  #best: Where | undefined;
  #attempt = 0;

  constructor(options: SuperviseOptions) {
    this.#options = options;
    this.#name = options.profile().server.name;
  }

  async establish(again: boolean): Promise<void> {
    const { pace, signal } = this.#options;
    const permit = await pace.acquire(signal, (place, waitMs) =>
      this.#options.say(queueText(this.#name, place, waitMs)),
    );
    try {
      await this.#tryAll(permit, again);
    } catch (failed) {
      permit.release();
      throw failed;
    }
  }

  async #tryAll(permit: Permit, again: boolean): Promise<void> {
    const profile = this.#options.profile();
    let left = [...this.#options.sts.targets(startingAt(targets(profile.server), this.#best))];
    let error: GatewayError | undefined;
    for (let where = left.shift(); where !== undefined; where = left.shift()) {
      try {
        await this.#open(profile, where, permit, again);
        this.#best = where;
        return;
      } catch (failed) {
        if (!(failed instanceof DialError)) throw failed;
        const { port, tls } = where;
        const { code, message: why } = failed.error;
        this.#options.log.info({ server: this.#name, port, tls, code, why }, 'an IRC server was tried');
        error = error === undefined || tells(failed.error) > tells(error) ? failed.error : error;
        // Whatever comes of it, nothing is tried in plain text any more.
        if (failed.upgrade !== undefined) left = [{ ...where, port: failed.upgrade, tls: true }];
        else if (!failed.next) break;
        // A name that is unknown is so on every port.
        else if (failed.error.code === 'no-such-server') left = left.filter(({ host }) => host !== where.host);
      }
    }
    throw error ?? new GatewayError('no-connection', { text: `${this.#name} has no port to be tried on.` });
  }

  async #open(profile: Profile, where: Where, permit: Permit, again: boolean): Promise<void> {
    const options = this.#options;
    const { clock, pace, signal } = options;
    let upAt = 0;
    const link = await dial({
      ...options,
      ...profile,
      where,
      nick: options.nick(),
      again: again || options.isBack,
      complained: (isBan, said) => this.#complained(profile, isBan, said),
      onEnd: (error) => {
        permit.release();
        options.sts.closed(where);
        if (clock.now() - upAt >= stableMs) this.#attempt = 0;
        else this.#best = nextOf(options.sts.targets(targets(profile.server)), where);
        options.onDown(error);
        if (!signal.aborted) void this.#reconnect();
      },
    });
    upAt = clock.now();
    pace.letIn(options.owner);
    if (!where.tls && profile.server.tls === 'preferred')
      options.say(`The connection to ${this.#name} is not encrypted.`);
    if (again) options.say(`You are connected to ${this.#name} again.`);
    options.onUp(link, again);
  }

  #complained({ server }: Profile, isBan: boolean, said: string): void {
    const { log, owner, pace } = this.#options;
    if (server.isOwnWay || !pace.slower(isBan ? owner : undefined)) return;
    log.warn(
      { server: server.name, isBan, said },
      'an IRC server finds us too many or too fast, or has banned one of us',
    );
  }

  async #waited(ms: number): Promise<void> {
    const { clock, signal } = this.#options;
    const changed = this.#options.changed();
    await clock.sleep(ms, AbortSignal.any([signal, changed])).catch((error: unknown) => {
      if (signal.aborted || !changed.aborted) throw error;
    });
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#options;
    while (!signal.aborted) {
      this.#attempt++;
      try {
        await this.#waited(backoffMs(this.#attempt, patience));
        await this.establish(true);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof GatewayError && error.next === 'pause') {
          this.#options.onRefused(error);
          return;
        }
        if (error instanceof GatewayError) this.#options.onStillDown(error);
        else this.#options.log.error({ err: error, server: this.#name }, 'an IRC reconnect failed');
      }
    }
  }
}

/** Of several failures the one is told that says most about what to do. */
function tells({ code, message }: GatewayError): number {
  if (code !== 'no-connection') return 3;
  return /certificate/.test(message) ? 2 : /refused|known/.test(message) ? 0 : 1;
}

/** What somebody who waits is told of the place in the queue. */
export function queueText(name: string, place: number, waitMs: number | undefined): string {
  if (waitMs === undefined)
    return `This gateway has as many connections to ${name} as it may have; you are number ${place} of those who wait for one to end.`;
  const minutes = Math.round(waitMs / 60_000);
  const wait = minutes < 1 ? 'less than a minute' : minutes === 1 ? 'about a minute' : `about ${minutes} minutes`;
  return `You are number ${place} in the queue for ${name}; ${wait}.`;
}
