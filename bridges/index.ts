/** The bridges there are: one line each, loaded when a configuration uses it. */
import type { Bridge } from '../src/bridge/contract.ts';

export interface BridgeEntry {
  /** As in the configuration's `use:`. */
  readonly name: string;
  load(): Promise<Bridge>;
}

export const bridges: readonly BridgeEntry[] = [
  { name: 'irc', load: async () => (await import('./irc/index.ts')).default as Bridge },
  { name: 'discord', load: async () => (await import('./discord/index.ts')).default as Bridge },
  { name: 'fake', load: async () => (await import('./fake/index.ts')).default as Bridge },
];
