/** Accounts that only a login makes stay connected while they are logged in: from the start, and again where the network was away. One that is refused waits for its owner, who is told once. */
import type { Network, Session } from '../bridge/contract.ts';
import { type ErrorCode, GatewayError } from '../core/errors.ts';
import { type Backoff, backoffMs } from '../core/retry.ts';
import { serviceJid } from '../gateway/contacts/addresses.ts';
import type { Face } from '../gateway/face.ts';
import { notLoggedIn } from '../gateway/notice.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { AccountWorld } from './world.ts';

export interface Staying {
  /** Connects, and tries again for as long as the network is away. Nothing where that is being done, or accounts come by joins. */
  begin(): void;
  /** Its login may be another now: the same, and what comes of an attempt with the old one counts no more. */
  renew(): void;
  /** Its owner has come online: what waits to be tried again is tried now. */
  hurry(): void;
  /** The session ended by itself. */
  lost(reason: GatewayError | undefined): void;
  /** Its owner, or an operator, wants it off: the gateway is not here for them, where only the login made the account (CHECKLIST 100-16). @param reason for people */
  off(reason: string): void;
  /** It closes. */
  end(): void;
  /** Only a login makes it, and somebody has one for it, as far as is known. */
  readonly must: boolean;
}

const backoff: Backoff = { firstMs: 5_000, maxMs: 600_000 };

const isKnown: ReadonlySet<ErrorCode> = new Set(['not-registered', 'not-permitted']);

type World = Pick<AccountWorld, 'clock' | 'log' | 'send' | 'tell' | 'domain' | 'ignore' | 'credentials'>;

/** False: its owner has to do something first. What nobody expected, nobody but we can mend: it may pass by itself. */
const mayTryAgain = (error: unknown): boolean =>
  !(error instanceof GatewayError) || error.next === 'later' || error.type === 'wait';

/** For one account. @param onOver nobody has a login for it: it must not stay any more */
export const createStaying = (
  row: AccountRow,
  network: Pick<Network, 'registration' | 'addresses'>,
  face: Pick<Face, 'shutOut'>,
  world: World,
  connect: () => Promise<Session>,
  onOver: () => void,
): Staying => new Tries(row, network, face, world, connect, onOver);

/** An object of a class: each account has one. */
class Tries implements Staying {
  readonly #row: AccountRow;
  readonly #network: Pick<Network, 'registration' | 'addresses'>;
  readonly #face: Pick<Face, 'shutOut'>;
  readonly #world: World;
  readonly #connect: () => Promise<Session>;
  readonly #onOver: () => void;
  #trying: AbortController | undefined;
  /** Between two tries. */
  #pause: AbortController | undefined;
  /** The login may have changed since the last attempt began. */
  #isRenewed = false;
  #isStranger = false;

  constructor(
    row: AccountRow,
    network: Pick<Network, 'registration' | 'addresses'>,
    face: Pick<Face, 'shutOut'>,
    world: World,
    connect: () => Promise<Session>,
    onOver: () => void,
  ) {
    this.#row = row;
    this.#network = network;
    this.#face = face;
    this.#world = world;
    this.#connect = connect;
    this.#onOver = onOver;
  }

  get must(): boolean {
    return this.#network.registration === 'required' && !this.#isStranger;
  }

  begin(): void {
    if (this.#network.registration !== 'required' || this.#trying !== undefined) return;
    const mine = new AbortController();
    this.#trying = mine;
    this.#keepTrying(mine.signal)
      .catch((error: unknown) => this.#world.log.error({ account: this.#row.id, error }, 'staying connected met a bug'))
      .finally(() => {
        if (this.#trying === mine) this.#trying = undefined;
      });
  }

  renew(): void {
    this.#isRenewed = true;
    this.hurry();
    this.begin();
  }

  hurry(): void {
    this.#pause?.abort(new Error('its owner is there'));
  }

  lost(reason: GatewayError | undefined): void {
    if (reason !== undefined && !mayTryAgain(reason)) this.#refused(reason);
    else this.begin();
  }

  off(reason: string): void {
    this.end();
    const told = new GatewayError('not-connected', { text: reason });
    // Why nobody gets in with that login, where it is so, says what to do, too.
    const asked = this.#world.credentials.of(this.#row).then(
      () => told,
      (error: unknown) => (error instanceof GatewayError ? error : told),
    );
    void asked.then((why) => this.#shutOut(why));
  }

  end(): void {
    this.#trying?.abort(new Error('it need not stay'));
    this.#trying = undefined;
  }

  async #keepTrying(signal: AbortSignal): Promise<void> {
    const { clock, log, ignore } = this.#world;
    for (let attempt = 1; !signal.aborted; attempt++) {
      this.#isRenewed = false;
      this.#isStranger = false;
      try {
        await this.#connect();
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (this.#isRenewed) continue;
        if (!mayTryAgain(error)) {
          if (await this.#isWaitedFor(error)) continue;
          return;
        }
        if (attempt === 1) this.#tellTrouble(error);
        const tried = { account: this.#row.id, attempt, error };
        if (error instanceof GatewayError) log.info(tried, 'the network could not be reached; trying again');
        else log.error(tried, 'staying connected met a bug; trying again');
      }
      this.#pause = new AbortController();
      await clock.sleep(backoffMs(attempt, backoff), AbortSignal.any([signal, this.#pause.signal])).catch(ignore);
    }
  }

  /** Once, for clients that show whether one is logged in; in words only where something is to be done. */
  #tellTrouble(error: unknown): void {
    if (!(error instanceof GatewayError)) return;
    const { domain } = this.#world;
    const from = serviceJid({ account: this.#row, addresses: this.#network.addresses, domain });
    this.#world.send([notLoggedIn(from, this.#row.owner, error)]);
  }

  /** It was refused. True: its login is another one by now. */
  async #isWaitedFor(error: unknown): Promise<boolean> {
    this.#refused(error);
    if (!(error instanceof GatewayError) || error.code !== 'not-registered') return false;
    const hasLogin = await this.#world.credentials.has(this.#row.id).catch(() => true);
    if (this.#isRenewed) return true;
    this.#isStranger = !hasLogin;
    if (this.#isStranger) this.#onOver();
    else this.#shutOut(error);
    return false;
  }

  #shutOut(why: GatewayError): void {
    if (this.#network.registration === 'required') this.#world.send(this.#face.shutOut(why));
  }

  /** What it waits for is done by command; who has logged out, has no login any more, or is banned, knows why. */
  #refused(error: unknown): void {
    if (!(error instanceof GatewayError) || isKnown.has(error.code)) return;
    // Where accounts come by joins, whoever joins is told.
    if (error.code !== 'login-refused' && this.#network.registration !== 'required') return;
    this.#tellTrouble(error);
    this.#shutOut(error);
    const { on, owner } = this.#row;
    const where = this.#network.addresses.title({ is: 'service', ...(on !== undefined && { on }) });
    this.#world.tell(owner, (texts, worded) => {
      const remedy = error.code === 'login-refused' ? texts.mendLogin : texts.tryAgain;
      return texts.offNow(where, worded(error), remedy);
    });
  }
}
