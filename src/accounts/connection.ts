/** An account's session over time: made when somebody needs it, one at a time, and never before the farewell of the last has been said. */
import type { Account, Clock, Log, Network, Session, SessionHost } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import { placeName } from '../gateway/labels.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { Credentials } from './credentials.ts';
import type { Wishes } from './wishes.ts';

export interface Connection {
  /** The live session. */
  session(): Session | undefined;
  /** `connecting` also while a session that is there has lost its network. */
  state(): 'idle' | 'connecting' | 'ready';
  /** Says its farewell. */
  isEnding(): boolean;
  /** The session, or the attempt at one; undefined where there is neither. */
  coming(): Session | Promise<Session> | undefined;
  /**
   * The session, made where there is none. `nick` is what a join asked for; undefined: the last one. `asked`: when that was; rejects with `not-connected` where it
   * has been ended since.
   */
  connect(nick: string | undefined, asked?: number): Promise<Session>;
  /** As `connect`, for rooms that are there from before a restart (`Account.isBack`). */
  comeBack(nick: string): Promise<Session>;
  /** Where the next session goes on. */
  resumeAt(where: string): void;
  /** What the session tells of its own life. */
  heard(event: Extract<NetworkEvent, { kind: 'state' }>): void;
  /** Nobody uses it any more from now on, and an attempt under way is given up: who waits for it hears `network-away`. Resolves when its farewell has been said. */
  end(reason: string): Promise<void>;
}

export interface ConnectionParts {
  readonly wishes: Pick<Wishes, 'onServer'>;
  readonly credentials: Pick<Credentials, 'of'>;
  readonly host: SessionHost;
  readonly signal: AbortSignal;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info'>;
  /** As in AccountWorld. */
  readonly moment?: (() => number) | undefined;
  /** There is one now, or none: it was lost, or could not be made. */
  onSession(session: Session | undefined): void;
}

/** For one account. */
export const createConnection = (
  row: AccountRow,
  network: Pick<Network, 'connect'>,
  parts: ConnectionParts,
): Connection => new OneAtATime(row, network, parts);

/** An object of a class: each account has one, and every message asks it. */
class OneAtATime implements Connection {
  readonly #row: AccountRow;
  readonly #network: Pick<Network, 'connect'>;
  readonly #wishes: ConnectionParts['wishes'];
  readonly #credentials: ConnectionParts['credentials'];
  readonly #host: SessionHost;
  readonly #signal: AbortSignal;
  readonly #clock: ConnectionParts['clock'];
  readonly #log: ConnectionParts['log'];
  readonly #moment: () => number;
  readonly #onSession: ConnectionParts['onSession'];
  #session: Session | undefined;
  /** It has lost its network, and connects again by itself. */
  #isAway = false;
  #connecting: Promise<Session> | undefined;
  /** Gives up the attempt. */
  #stop: AbortController | undefined;
  #ending: Promise<void> | undefined;
  #endedAt = Number.NEGATIVE_INFINITY;
  /** Since the attempt began. */
  #wasLost = false;
  /** The attempt under way is for rooms from before a restart. */
  #isBack = false;
  #resume: string | undefined;
  /** The nick that was asked for last: also for who connects without a join. */
  #wanted: string | undefined;

  constructor(
    row: AccountRow,
    network: Pick<Network, 'connect'>,
    { wishes, credentials, host, signal, clock, log, moment, onSession }: ConnectionParts,
  ) {
    this.#row = row;
    this.#network = network;
    this.#wishes = wishes;
    this.#credentials = credentials;
    this.#host = host;
    this.#signal = signal;
    this.#clock = clock;
    this.#log = log;
    this.#moment = moment ?? (() => clock.now());
    this.#onSession = onSession;
    this.#resume = row.resume;
    this.#wanted = row.nick;
  }

  session(): Session | undefined {
    return this.#session;
  }

  state(): 'idle' | 'connecting' | 'ready' {
    if (this.#session !== undefined) return this.#isAway ? 'connecting' : 'ready';
    return this.#connecting === undefined ? 'idle' : 'connecting';
  }

  isEnding(): boolean {
    return this.#ending !== undefined;
  }

  coming(): Session | Promise<Session> | undefined {
    return this.#session ?? this.#connecting;
  }

  connect(nick: string | undefined, asked?: number): Promise<Session> {
    if (asked !== undefined && this.#wasEndedSince(asked)) return Promise.reject(this.#away('not-connected'));
    if (this.#session !== undefined) return Promise.resolve(this.#session);
    this.#wanted = nick ?? this.#wanted;
    if (this.#connecting !== undefined) return this.#connecting;
    const stop = new AbortController();
    this.#stop = stop;
    // Not within `make`: what failed in this very turn would be remembered for good.
    const connecting = this.#make(stop.signal).finally(() => {
      if (this.#connecting !== connecting) return;
      this.#connecting = undefined;
      this.#isBack = false;
    });
    this.#connecting = connecting;
    return connecting;
  }

  comeBack(nick: string): Promise<Session> {
    this.#isBack = this.#session === undefined;
    return this.connect(nick);
  }

  /** In the future: the clock was set back. */
  #wasEndedSince(asked: number): boolean {
    return asked < this.#endedAt && this.#endedAt < this.#clock.now() + 1;
  }

  resumeAt(where: string): void {
    this.#resume = where;
  }

  heard({ state, reason }: Extract<NetworkEvent, { kind: 'state' }>): void {
    const said = { account: this.#row.id, reason: reason?.message };
    if (state === 'reconnecting') this.#log.info(said, 'the connection to the network was lost; it is made again');
    this.#isAway = state === 'reconnecting';
    if (state !== 'ended') return;
    this.#lost();
    this.#log.info(said, 'the session ended');
  }

  #lost(): void {
    this.#wasLost = true;
    this.#session = undefined;
    this.#isAway = false;
    this.#onSession(undefined);
  }

  async end(reason: string): Promise<void> {
    this.#endedAt = this.#moment();
    this.#giveUp();
    const farewell = Promise.all([this.#ending, this.#session?.end(reason).catch(() => undefined)]).then(() => {
      if (this.#ending === farewell) this.#ending = undefined;
    });
    this.#ending = farewell;
    this.#lost();
    await farewell;
  }

  /** Whoever connects from now on makes another attempt. A session that is there takes its leave instead. */
  #giveUp(): void {
    if (this.#connecting === undefined) return;
    this.#connecting = undefined;
    this.#isBack = false;
    if (this.#session === undefined) this.#stop?.abort(this.#away());
  }

  #away(code: 'network-away' | 'not-connected' = 'network-away'): GatewayError {
    const { on, domain } = this.#row;
    return new GatewayError(code, { text: `Not connected to ${placeName(on, domain)}` });
  }

  #account(secret: unknown): Account {
    const { id, owner, on } = this.#row;
    return {
      id,
      owner,
      ...(on !== undefined && { on }),
      ...(this.#wanted !== undefined && { nick: this.#wanted }),
      ...(secret !== undefined && { credentials: secret }),
      settings: this.#wishes.onServer(),
      ...(this.#resume !== undefined && { resume: this.#resume }),
      ...(this.#isBack && { isBack: true }),
    };
  }

  async #make(given: AbortSignal): Promise<Session> {
    if (this.#ending !== undefined) await this.#ending;
    const secret = await this.#credentials.of(this.#row);
    try {
      given.throwIfAborted();
      const signal = AbortSignal.any([this.#signal, given]);
      this.#wasLost = false;
      const session = await this.#network.connect(this.#account(secret), this.#host, signal);
      given.throwIfAborted();
      // It has ended before we could look: nobody will tell of that again.
      if (this.#wasLost) throw this.#away();
      this.#session = session;
    } catch (error) {
      // Another attempt may have its session already.
      if (given.aborted) throw given.reason;
      this.#onSession(undefined);
      throw error;
    }
    this.#onSession(this.#session);
    return this.#session;
  }
}
