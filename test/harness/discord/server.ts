/**
 * A Discord in the test's own process, written from the API reference: REST, gateway and CDN on one port. A test drives its world, turns on faults, and reads
 * what was asked of it. Not for use outside of tests.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { Inbox } from '../inbox.ts';
import { until } from '../process.ts';
import { serveFile } from './cdn.ts';
import { type Fault, type Faults, type Laid, noFaults } from './faults.ts';
import { type Connection, serve } from './gateway/connection.ts';
import { createHub, type Hub } from './gateway/hub.ts';
import { createApi, type Exchange } from './rest/serve.ts';
import { type Settings, usual } from './settings.ts';
import { snowflakes } from './snowflake.ts';
import type { Application, State } from './state.ts';
import { people } from './world/people.ts';
import { places } from './world/places.ts';
import { talk } from './world/talk.ts';

/** All that a test may do to it. */
export type World = ReturnType<typeof worldOf>;

export interface FakeDiscord extends AsyncDisposable {
  readonly port: number;
  /** For `rest.api` of discord.js: without the version. */
  readonly api: string;
  readonly cdn: string;
  readonly world: World;
  readonly state: State;
  readonly faults: Faults;
  /** What was asked and answered, in the order of the answers. */
  readonly exchanges: Inbox<Exchange>;
  /** Connections of the gateway that are open. */
  readonly connections: ReadonlySet<Connection>;
  /** Lays a fault on calls of the REST API. */
  lay(fault: Fault): Laid;
  /** All wires of the gateway are cut; sessions can be resumed. */
  cut(): void;
  /**
   * There is no way between that bot and Discord any more: its wires are cut, and what it tries is. Returns what mends it.
   * @param isForgotten its session can't be resumed
   */
  sever(bot: Application, isForgotten?: boolean): () => void;
  /** The wires of that bot are closed in order, with that code. */
  close(bot: Application, code: number): void;
  /** The wires stay open, and nothing goes through them any more. */
  freeze(): void;
  /** What the gateway tells waits, so that answers of REST come first. Returns what lets it go on. */
  hold(): () => void;
  /** Nobody answers at its port any more, and all wires are cut; what it knows stays. */
  shut(): Promise<void>;
  /** Again, at the same port. */
  reopen(): Promise<void>;
  /** Op 7 to everybody. */
  askToReconnect(): void;
  /** Op 9 to everybody. @param resumable may they try to resume? */
  invalidate(resumable: boolean): void;
  /** Op 1 to everybody. */
  askForHeartbeats(): void;
  /** Resolves when that bot's sessions have taken all that happened until now, which they say with a heartbeat. */
  heeded(bot: Application): Promise<void>;
}

const worldOf = (state: State, hub: Hub) => ({ ...talk(state), ...places(state), ...people(state, hub) });

function newState(settings: Settings): State {
  return {
    settings,
    now: settings.now,
    newId: snowflakes(settings.now),
    applications: new Map(),
    users: new Map(),
    guilds: new Map(),
    channels: new Map(),
    webhooks: new Map(),
    files: new Map(),
    remote: new Map(),
    conversations: new Map(),
    nonces: new Map(),
    closed: new Set(),
    origin: '',
    publish: () => {},
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

function handlerOf(hub: Hub, faults: Faults, seen: (exchange: Exchange) => void): Handler {
  const api = createApi(hub, faults, seen);
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://discord.test');
    const [, version, path] = /^\/api(?:\/v(\d+))?(\/.*)$/.exec(pathname) ?? [];
    if (pathname.startsWith('/cdn/')) await serveFile(hub.state, request, response, pathname.slice(4), searchParams);
    else if (path !== undefined && (version === undefined || version === '10'))
      await api(request, response, path, searchParams);
    else {
      response.writeHead(404, { 'content-type': 'text/plain' });
      response.end();
    }
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
}

/** Starts one on loopback, at a port of the system's choice unless one is given. */
export async function startDiscord(more: Partial<Settings> = {}, atPort = 0): Promise<FakeDiscord> {
  const state = newState({ ...usual, ...more });
  const faults = noFaults();
  const hub = createHub(state, () => state.origin.replace('http', 'ws'));
  const exchanges = new Inbox<Exchange>('discord', ({ method, path, status }) => `${method} ${path} → ${status}`);
  const connections = new Set<Connection>();
  const handle = handlerOf(hub, faults, (exchange) => {
    if (state.settings.recorded) exchanges.put(exchange);
  });
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (request.destroyed && !request.complete) return;
      // The test that runs shall fail by it.
      response.destroy();
      queueMicrotask(() => {
        throw error;
      });
    });
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!faults.open) return void socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const version = new URL(request.url ?? '/', 'http://discord.test').searchParams.get('v') ?? '10';
      const one: Connection = serve(hub, faults, opened, version, () => connections.delete(one));
      connections.add(one);
    });
  });
  const port = await listen(server, atPort);
  const shut = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of connections) connection.cut();
    server.closeAllConnections();
    await closed;
  };
  state.origin = `http://127.0.0.1:${port}`;
  const ofBot = (bot: Application): readonly Connection[] =>
    [...connections].filter(({ session }) => session?.application === bot);
  const toAll = (op: number, data: unknown): void => {
    for (const connection of connections) if (connection.session !== undefined) connection.send(op, data);
  };
  /** Has it taken all that it was told until now? No: it is gone, as when discord.js' own heartbeat was due while one that was asked for had no answer yet. */
  const takes = async (connection: Connection): Promise<boolean> => {
    const told = connection.session?.seq ?? 0;
    const isGone = (): boolean => !connections.has(connection);
    // What comes in one piece discord.js reads side by side: its answer may be from before the last event.
    for (let asked = 0; connection.taken < told && asked < 20; asked++) {
      const before = connection.beats;
      connection.send(1, null);
      await until('a heartbeat', () => connection.beats > before || isGone());
    }
    if (connection.taken < told && !isGone()) throw new Error('a bot does not take what happened');
    return connection.taken >= told;
  };
  const heeded = async (bot: Application): Promise<void> => {
    for (const connection of ofBot(bot)) {
      if (await takes(connection)) continue;
      await until('the bot is there again', () => ofBot(bot).length > 0);
      return heeded(bot);
    }
  };
  return {
    port,
    api: `${state.origin}/api`,
    cdn: `${state.origin}/cdn`,
    world: worldOf(state, hub),
    state,
    faults,
    exchanges,
    connections,
    lay: faults.lay,
    cut() {
      for (const connection of connections) connection.cut();
    },
    sever(bot, isForgotten = false) {
      faults.severed.add(bot);
      const rest = faults.lay({ of: bot, mishap: { kind: 'cut' } });
      for (const connection of ofBot(bot)) {
        if (isForgotten) hub.sessions.delete(connection.session?.id ?? '');
        connection.cut();
      }
      return () => {
        faults.severed.delete(bot);
        rest.lift();
      };
    },
    close(bot, code) {
      for (const connection of ofBot(bot)) connection.close(code, 'As a test wished.');
    },
    freeze() {
      for (const connection of connections) connection.freeze();
    },
    askToReconnect: () => toAll(7, null),
    invalidate(resumable) {
      const sessions = [...connections].flatMap(({ session }) => session ?? []);
      toAll(9, resumable);
      for (const connection of connections) connection.detach();
      if (!resumable) for (const { id } of sessions) hub.sessions.delete(id);
    },
    askForHeartbeats: () => toAll(1, null),
    heeded,
    hold() {
      const held = [...connections];
      for (const connection of held) connection.hold();
      return () => {
        for (const connection of held) connection.release();
      };
    },
    shut,
    async reopen() {
      await listen(server, port);
    },
    [Symbol.asyncDispose]: shut,
  };
}
