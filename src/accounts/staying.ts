/** Accounts that only a login makes stay connected while they are logged in: from the start, and again where the network was away. One that is refused waits for its owner, who is told once. */
import type { Network, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import { type Backoff, backoffMs } from '../core/retry.ts';
import { serviceJid } from '../gateway/contacts/addresses.ts';
import { notLoggedIn, tellOwner } from '../gateway/notice.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { AccountWorld } from './world.ts';

export interface Staying {
  /** Connects, and tries again for as long as the network is away. Nothing where that is being done, or accounts come by joins. */
  begin(): void;
  /** Its owner has come online: what waits to be tried again is tried now. */
  hurry(): void;
  /** The session ended by itself. */
  lost(reason: GatewayError | undefined): void;
  /** Its owner wants it off, or it closes. */
  end(): void;
}

const backoff: Backoff = { firstMs: 5_000, maxMs: 600_000 };

const remedy = ({ code }: GatewayError): string =>
  code === 'login-refused' ? 'Write change-login to me to log in anew.' : 'Write re-login to me to try again.';

/** For one account. */
export function createStaying(
  row: AccountRow,
  network: Pick<Network, 'registration' | 'addresses'>,
  world: Pick<AccountWorld, 'clock' | 'log' | 'send' | 'domain' | 'ignore'>,
  connect: () => Promise<Session>,
): Staying {
  let trying: AbortController | undefined;
  let pause = new AbortController();

  /** False: its owner has to do something first. */
  function mayTryAgain(error: unknown): boolean {
    if (!(error instanceof GatewayError)) throw error;
    return error.next === 'later' || error.type === 'wait';
  }

  async function keepTrying(signal: AbortSignal): Promise<void> {
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await connect();
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!mayTryAgain(error)) {
          refused(error);
          return;
        }
        if (attempt === 1) tellTrouble(error);
        world.log.info({ account: row.id, attempt, error }, 'the network could not be reached; trying again');
      }
      pause = new AbortController();
      await world.clock.sleep(backoffMs(attempt, backoff), AbortSignal.any([signal, pause.signal])).catch(world.ignore);
    }
  }

  /** Once, for clients that show whether one is logged in; in words only where something is to be done. */
  function tellTrouble(error: unknown): void {
    if (!(error instanceof GatewayError)) return;
    const from = serviceJid({ account: row, addresses: network.addresses, domain: world.domain });
    world.send([notLoggedIn(from, row.owner, error)]);
  }

  /** What it waits for is done by command; who has logged out, or has no login any more, knows why. */
  function refused(error: unknown): void {
    if (!(error instanceof GatewayError) || error.code === 'not-registered') return;
    // Where accounts come by joins, whoever joins is told.
    if (error.code !== 'login-refused' && network.registration !== 'required') return;
    tellTrouble(error);
    const { on } = row;
    const where = network.addresses.title({ is: 'service', ...(on !== undefined && { on }) });
    world.send([
      tellOwner(
        world.domain,
        row.owner,
        `You are not connected to ${where} any more: ${error.message} Nothing that waits is lost. ${remedy(error)}`,
      ),
    ]);
  }

  function begin(): void {
    if (network.registration !== 'required' || trying !== undefined) return;
    const mine = new AbortController();
    trying = mine;
    keepTrying(mine.signal)
      .catch((error: unknown) => world.log.error({ account: row.id, error }, 'staying connected met a bug'))
      .finally(() => {
        if (trying === mine) trying = undefined;
      });
  }

  return {
    begin,
    hurry: () => pause.abort(new Error('its owner is there')),
    lost(reason) {
      if (reason !== undefined && !mayTryAgain(reason)) refused(reason);
      else begin();
    },
    end() {
      trying?.abort(new Error('it need not stay'));
      trying = undefined;
    },
  };
}
