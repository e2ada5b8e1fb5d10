/** What goes wrong at the harness' Discord server, as a test wishes. */
import type { RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Application } from './state.ts';

/** What happens to a call that fits. */
export type Mishap =
  /** This status, without taking effect, with a proxy's page, as Discord's 5xx come; with a code it is the API that refuses. */
  | { readonly kind: 'status'; readonly status: number; readonly code?: number }
  /** Nobody reads it until the fault is lifted; then, if the caller still waits, it is answered. */
  | { readonly kind: 'stall' }
  /** It takes effect, and the connection ends without an answer: by a reset, which discord.js tries again, or in order, which it does not. */
  | { readonly kind: 'drop'; readonly by?: 'reset' | 'end' }
  /** It takes effect, and the answer never comes. */
  | { readonly kind: 'mute' }
  /** It takes effect, and the answer comes when the fault is lifted: what the gateway tells meanwhile is newer. */
  | { readonly kind: 'late' }
  /** The same before it takes effect. */
  | { readonly kind: 'cut'; readonly by?: 'reset' | 'end' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** 429; with the code 20028 as of a channel into which too much is written. */
  | {
      readonly kind: 'limit';
      readonly seconds: number;
      readonly scope?: 'user' | 'shared' | 'global';
      readonly code?: typeof RESTJSONErrorCodes.ChannelWriteRateLimit;
    };

export interface Fault {
  /** Of that bot's calls alone, its webhooks' among them. */
  readonly of?: Application;
  readonly method?: string;
  /** Of the path behind /api/v10, without the query. */
  readonly path?: RegExp;
  /** So many calls; without it all until it is lifted. */
  readonly times?: number;
  readonly mishap: Mishap;
}

export interface Laid {
  /** Calls that it has met. */
  readonly met: number;
  lift(): void;
}

export interface Faults {
  /** Are heartbeats acknowledged? */
  acks: boolean;
  /** Is somebody let in at the gateway's door? */
  open: boolean;
  /** Lays a fault; of several that fit a call the first counts. */
  lay(fault: Fault): Laid;
  /** Bots for which there is no way to the gateway: their wires are cut as soon as they say who they are. */
  readonly severed: Set<Application>;
  /** What happens to this call. @param by whose it is, where that is known */
  meet(
    method: string,
    path: string,
    by?: Application,
  ): { readonly mishap: Mishap; readonly lifted: Promise<void> } | undefined;
}

interface Entry {
  readonly fault: Fault;
  met: number;
  readonly lifted: Promise<void>;
}

/** Nothing goes wrong, yet. */
export function noFaults(): Faults {
  const entries = new Set<Entry>();
  return {
    acks: true,
    open: true,
    severed: new Set(),
    lay(fault) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const entry: Entry = { fault, met: 0, lifted: promise };
      entries.add(entry);
      return {
        get met() {
          return entry.met;
        },
        lift() {
          entries.delete(entry);
          resolve();
        },
      };
    },
    meet(method, path, by) {
      for (const entry of entries) {
        const { fault } = entry;
        if (fault.times !== undefined && entry.met >= fault.times) continue;
        if (fault.of !== undefined && fault.of !== by) continue;
        if (fault.method !== undefined && fault.method !== method) continue;
        if (fault.path !== undefined && !fault.path.test(path)) continue;
        entry.met += 1;
        return { mishap: fault.mishap, lifted: entry.lifted };
      }
      return undefined;
    },
  };
}
