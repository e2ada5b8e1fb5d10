/** What a command of the harness' IRC server is. */
import type { Line } from './line.ts';
import type { Client, Server } from './state.ts';

export interface Command {
  /** Fewer than these: 461. */
  readonly atLeast?: number;
  /** May be sent before the welcome. */
  readonly early?: boolean;
  /** Does not count as being active. */
  readonly idle?: boolean;
  run(server: Server, client: Client, line: Line): void;
}

export type Commands = Readonly<Record<string, Command>>;
