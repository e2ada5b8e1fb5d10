/** What a command may use of the process; main.ts hands over the real one, tests their own. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { Config } from '../ops/config/config.ts';
import type { Mount } from '../ops/http.ts';
import type { LevelSwitch } from '../ops/log.ts';

export type SignalName = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface CliWorld {
  /** Without the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes a line (or several) to standard output. */
  out(text: string): void;
  /** The same to standard error. */
  err(text: string): void;
  /** Calls at that signal until the returned function is called. */
  onSignal(name: SignalName, call: () => void): () => void;
  /** Calls where a promise was rejected and nobody listened, which ends the process else; until the returned function is called. */
  onStray(call: (error: unknown) => void): () => void;
}

/** What a command ends with: 0 well, 1 a fault that was told, 2 it was called wrongly. */
export type ExitCode = 0 | 1 | 2;

export const roles = ['all', 'edge', 'worker'] as const;
export type Role = (typeof roles)[number];

/** `keep`: a restart, the users' rooms are kept for them; `farewell`: everybody is told that the service ends (CHECKLIST 114-52). */
export type StopHow = 'keep' | 'farewell';

/** src/gateway-process.ts exports `runGateway` of this type. */
export type RunGateway = (config: Config, options: GatewayOptions) => Promise<Running>;

export interface GatewayOptions {
  readonly role: Role;
  readonly log: Log;
  /** Absent: what is logged stays as it began. */
  readonly levels?: LevelSwitch;
  readonly clock: Clock;
  /** Aborted: give up what is being started, at once. */
  readonly signal: AbortSignal;
  /** Reads and checks the configuration's file again; throws a GatewayError that names its faults. Absent: it has none. */
  readonly readAgain?: () => Promise<Config>;
  /** Pages beside /healthz, /readyz and /metrics. */
  readonly mounts?: Readonly<Record<string, Mount>>;
}

/** A gateway that has started; it need not be ready yet (/readyz says so). */
export interface Running {
  readonly http: { readonly host: string; readonly port: number };
  /** Resolves when it does its work for the first time, or stands by for another edge; rejects where it never will. */
  readonly up: Promise<void>;
  /** Rejects, with a Remedy where there is one, when the gateway can't go on; resolves once it has stopped. */
  readonly ended: Promise<void>;
  /** Stops in order; at most some seconds. */
  stop(how: StopHow): Promise<void>;
}
