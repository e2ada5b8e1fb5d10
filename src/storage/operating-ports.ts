/** What is kept of what operators decide while the gateway runs. */

/** Who may not use the gateway, whatever the configuration allows: bare JIDs and domains. */
export interface BanStore {
  all(): Promise<readonly string[]>;
  add(jids: readonly string[]): Promise<void>;
  remove(jids: readonly string[]): Promise<void>;
}

/** Whether the gateway is being worked at. */
export interface MaintenanceStore {
  /** The operator's words ('' where they had none); undefined: everybody may come in. */
  get(): Promise<string | undefined>;
  set(words: string | undefined): Promise<void>;
}

/** The name of the Redis that this gateway has used last (src/storage/redis/continuity.ts). */
export interface RedisNames {
  get(): Promise<string | undefined>;
  set(name: string): Promise<void>;
}
