/** The connection to Discord: discord.js, loaded when the first account connects. What the gateway says is passed on as it came. */
import type { Client, GatewayDispatchPayload, GatewaySendPayload } from 'discord.js';
import { type Clock, GatewayError, type Log } from '#bridge';
import type { DiscordConfig } from './config.ts';
import { withUploads } from './files/posting.ts';
import { createPacing, type Pacing } from './pacing.ts';
import { refusalOf } from './refusals.ts';
import { type OpenRest, restOptions, withOwnSignals } from './rest.ts';
import { keepNothing } from './wire-only.ts';

export interface Link {
  /** To the gateway, over that shard. False: it is away. */
  send(shard: number, payload: GatewaySendPayload): boolean;
  /** Resolves when it is closed. */
  close(): Promise<void>;
}

export interface LinkParts {
  readonly config: Pick<DiscordConfig, 'api' | 'cdn'>;
  readonly token: string;
  readonly intents: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** In the order in which it came. */
  heard(payload: GatewayDispatchPayload, shard: number): void;
  /** A shard has told all that is so. */
  up(shard: number): void;
  down(shard: number): void;
  /** Discord wants no more of us: it will not be tried again. */
  over(error: GatewayError): void;
}

const connectMs = 60_000;

/** REST for that token, before or without a connection: `letGo` ends it. */
export async function openRest(config: Pick<DiscordConfig, 'api' | 'cdn'>, token: string): Promise<OpenRest> {
  const { DefaultRestOptions, REST } = await import('discord.js');
  const options = restOptions(config.api, config.cdn, withUploads(DefaultRestOptions.makeRequest));
  return withOwnSignals(new REST(options).setToken(token));
}

/** By the API reference, "Gateway Close Event Codes": those behind which nothing is tried again. */
const closings: Readonly<Record<number, GatewayError>> = {
  4004: new GatewayError('login-refused', { text: 'Discord does not take the token any more.' }),
  4010: new GatewayError('network-away', { text: 'Discord wants another number of shards.' }),
  4011: new GatewayError('network-away', { text: 'Discord wants more shards: the bot is in too many guilds.' }),
  4012: new GatewayError('network-refused', { text: 'Discord does not speak this version of its protocol any more.' }),
  4013: new GatewayError('network-refused', { text: 'Discord does not know what was asked of its gateway.' }),
  4014: new GatewayError('network-away', {
    text: 'An intent was switched off in the developer portal; without it a new connection is made.',
  }),
};

const closed = (code: number): GatewayError =>
  closings[code] ?? new GatewayError('network-away', { text: `Discord closed the connection (${code}).` });

async function createClient({ config, intents }: LinkParts, pacing: Pacing): Promise<Client> {
  const { Client, DefaultRestOptions, SimpleShardingStrategy } = await import('discord.js');
  const client = new Client({
    intents,
    shards: 'auto',
    allowedMentions: { parse: [] },
    rest: restOptions(config.api, config.cdn, DefaultRestOptions.makeRequest),
    ws: {
      buildStrategy(manager) {
        pacing.watch(manager);
        return new SimpleShardingStrategy(manager);
      },
    },
  });
  keepNothing(client);
  return client;
}

/** Resolves when all shards are up; rejects with the GatewayError that their owner should see. */
export async function openLink(parts: LinkParts): Promise<Link> {
  const { log, signal, heard, up, down, over, clock, token } = parts;
  signal.throwIfAborted();
  const pacing = createPacing(clock);
  const client = await createClient(parts, pacing);
  const { promise: ended, reject: end } = Promise.withResolvers<never>();
  ended.catch(() => undefined);
  const ready = new Promise<void>((resolve) => client.once('clientReady', () => resolve()));
  /** What is sent over one that is away the library keeps for the next new session, whenever that is. */
  const ups = new Set<number>();
  let isOpen = false;
  let isClosed = false;

  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    signal.removeEventListener('abort', abort);
    client.removeAllListeners();
    client.on('error', ignore);
    await pacing.end(client).catch(ignore);
  }
  const ignore = (): void => undefined;
  function abort(): void {
    end(signal.reason);
    close().catch(ignore);
  }
  function fatal(error: GatewayError): void {
    end(error);
    close().catch(ignore);
    if (isOpen) over(error);
  }

  client.on('error', (error) => log.info({ err: error }, 'discord.js met an error'));
  client.on('shardError', (error, shard) => log.info({ err: error, shard }, 'a connection to Discord met an error'));
  client.on('shardDisconnect', ({ code }) => fatal(closed(code)));
  client.on('shardReconnecting', (shard) => {
    ups.delete(shard);
    pacing.down(shard);
    down(shard);
  });
  const isUp = (shard: number): void => {
    ups.add(shard);
    pacing.up(shard);
    up(shard);
  };
  client.on('shardReady', isUp);
  // The payloads as they came, before the library makes anything of them.
  client.on('raw', (payload: GatewayDispatchPayload, shard: number) => {
    heard(payload, shard);
    if (payload.t === 'RESUMED') isUp(shard);
  });
  signal.addEventListener('abort', abort, { once: true });

  const late = clock.after(connectMs, () =>
    end(new GatewayError('network-away', { text: 'Discord did not let us in in time.' })),
  );
  try {
    await Promise.race([client.login(token).then(() => ready), ended]);
    isOpen = true;
  } catch (error) {
    await close();
    throw signal.aborted ? signal.reason : refusalOf(error);
  } finally {
    late();
  }
  return {
    send(shard, payload) {
      if (ups.has(shard)) client.ws.shards.get(shard)?.send(payload);
      return ups.has(shard);
    },
    close,
  };
}
