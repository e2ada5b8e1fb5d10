/** What the gateway tells, by the names of its events (API reference, "Gateway Events"). What is not in a table means nothing to rooms. */
import type { GatewayDispatchPayload } from 'discord.js';
import type { Core } from './core.ts';

export type EventName = `${GatewayDispatchPayload['t']}`;

/** What an event of that name carries. */
export type EventData<Name extends EventName, Payload = GatewayDispatchPayload> = Payload extends {
  t: infer T extends string;
  d: infer D;
}
  ? Name extends `${T}`
    ? D
    : never
  : never;

/** Who takes which event. */
export type Hearers = { readonly [Name in EventName]?: (core: Core, data: EventData<Name>, shard: number) => void };

/** To whoever takes it, in each of the tables. */
export function hearIn(tables: readonly Hearers[], core: Core, { t, d }: GatewayDispatchPayload, shard: number): void {
  for (const table of tables) {
    const hear = table[t as EventName] as ((core: Core, data: unknown, shard: number) => void) | undefined;
    hear?.(core, d, shard);
  }
}
