/** An account's session over time: made when somebody needs it, one at a time, and never before the farewell of the last has been said. */
import type { Account, Network, Session, SessionHost } from '../bridge/contract.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { Credentials } from './credentials.ts';
import type { Wishes } from './wishes.ts';

export interface Connection {
  /** The live session. */
  session(): Session | undefined;
  state(): 'idle' | 'connecting' | 'ready';
  /** Says its farewell. */
  isEnding(): boolean;
  /** The session, or the attempt at one; undefined where there is neither. */
  coming(): Session | Promise<Session> | undefined;
  /** The session, made where there is none. `nick` is what a join asked for; undefined: the last one. */
  connect(nick: string | undefined): Promise<Session>;
  /** Where the next session goes on. */
  resumeAt(where: string): void;
  /** It ended by itself. */
  lost(): void;
  /** Nobody uses it any more from now on. Resolves when its farewell has been said. */
  end(reason: string): Promise<void>;
}

export interface ConnectionParts {
  readonly wishes: Pick<Wishes, 'onServer'>;
  readonly credentials: Pick<Credentials, 'of'>;
  readonly host: SessionHost;
  readonly signal: AbortSignal;
  /** There is one now, or none: it was lost, or could not be made. */
  onSession(session: Session | undefined): void;
}

/** For one account. */
export function createConnection(
  row: AccountRow,
  network: Pick<Network, 'connect'>,
  { wishes, credentials, host, signal, onSession }: ConnectionParts,
): Connection {
  let session: Session | undefined;
  let connecting: Promise<Session> | undefined;
  let ending: Promise<void> | undefined;
  /** The nick that was asked for last: also for who connects without a join. */
  let { resume, nick: wanted } = row;

  const account = (secret: unknown): Account => ({
    id: row.id,
    owner: row.owner,
    ...(row.on !== undefined && { on: row.on }),
    ...(wanted !== undefined && { nick: wanted }),
    ...(secret !== undefined && { credentials: secret }),
    settings: wishes.onServer(),
    ...(resume !== undefined && { resume }),
  });

  async function make(): Promise<Session> {
    if (ending !== undefined) await ending;
    const secret = await credentials.of(row);
    try {
      session = await network.connect(account(secret), host, signal);
    } catch (error) {
      onSession(undefined);
      throw error;
    }
    onSession(session);
    return session;
  }

  function lost(): void {
    session = undefined;
    onSession(undefined);
  }

  return {
    session: () => session,
    state() {
      if (session !== undefined) return 'ready';
      return connecting === undefined ? 'idle' : 'connecting';
    },
    isEnding: () => ending !== undefined,
    coming: () => session ?? connecting,
    connect(nick) {
      if (session !== undefined) return Promise.resolve(session);
      wanted = nick ?? wanted;
      // Not within `make`: what failed in this very turn would be remembered for good.
      connecting ??= make().finally(() => {
        connecting = undefined;
      });
      return connecting;
    },
    resumeAt(where) {
      resume = where;
    },
    lost,
    async end(reason) {
      const farewell = Promise.all([ending, session?.end(reason).catch(() => undefined)]).then(() => {
        if (ending === farewell) ending = undefined;
      });
      ending = farewell;
      lost();
      await farewell;
    },
  };
}
