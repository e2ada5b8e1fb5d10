/** What the three roles of a process have in common for whoever starts them. */

import type { Watch } from '../accounts/attending.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { Config } from '../ops/config/config.ts';
import type { Answered, Asked } from '../ops/http.ts';
import type { LevelSwitch } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Readiness } from '../ops/readiness.ts';
import type { ReadAgain } from './living-config.ts';
import type { MediaKeeper } from './media/keeper.ts';
import type { Role, Stores } from './stores.ts';

export interface RoleParts {
  readonly role: Role;
  readonly config: Config;
  readonly stores: Stores;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  /** Is told whose work is done. */
  readonly watch: Watch;
  readonly log: Log;
  /** Absent: what is logged stays as it began. */
  readonly levels?: LevelSwitch | undefined;
  readonly clock: Clock;
  readonly version: string;
  /** Reads the configuration again, for what can be changed without a restart. */
  readonly readAgain?: ReadAgain | undefined;
  /** What runs can't go on: the process is to end with that. */
  fail(error: Error): void;
  /** An edge waits for another one to end: that is its work for now. */
  onStandby?(): void;
  /** Takes what HTTP answers with, before the streams are up: it is asked for while the XMPP server is away, and of an edge that stands by. */
  serve(served: Served): void;
  /** Aborted: give up what is being started. */
  readonly signal: AbortSignal;
}

/** What a process answers with on its HTTP port besides what it says of itself. */
export interface Served {
  /** The pages of logins, wherever they run; absent: there are none. */
  readonly loginPages?: ((asked: Asked) => Promise<Answered>) | undefined;
  /** The operator's page; absent: there is none. */
  readonly operatorPage?: ((asked: Asked) => Promise<Answered>) | undefined;
  /** The files of networks that are kept; absent: this process serves none. */
  readonly media?: Pick<MediaKeeper, 'find'> | undefined;
}

export interface RunningRole {
  /** `keep`: rooms are kept for a restart; `farewell`: everybody is told that the service ends. */
  stop(how: 'keep' | 'farewell'): Promise<void>;
}

/** What people read on the networks and in the rooms when we stop. */
export const goodbye = { keep: 'The gateway restarts', farewell: 'The gateway shuts down' } as const;

/** What the sender of a stanza is told that could not be handed to whose it is. */
export const asTold = (error: unknown): GatewayError =>
  error instanceof GatewayError
    ? error
    : new GatewayError('storage-away', { text: 'The gateway is not whole at the moment; try again', cause: error });

/** What the sender of a stanza that broke a limit of the parser is told (CHECKLIST 114-43). */
export const tooLarge = (): GatewayError =>
  new GatewayError('message-too-long', { text: 'This is too large for the gateway' });
