/**
 * An IRC server in the test's own process, written from the specifications: it speaks what no packaged server does, and a test turns off any part of it,
 * lets it fail, splits its network. Not for use outside of tests.
 */
import { createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { accountCommands } from './accounts.ts';
import { capCommands, offer, offeredBy, withdraw } from './cap.ts';
import type { Commands } from './command.ts';
import { doorCommands } from './doors.ts';
import { historyCommands } from './history.ts';
import { byeTo, quit } from './leaving.ts';
import { type Line, readLine } from './line.ts';
import { cutSocket, Link } from './link.ts';
import { modeCommands } from './modes.ts';
import { monitorCommands } from './monitor.ts';
import { operatorCommands, rejoin, split } from './operators.ts';
import { changeHost, peopleCommands } from './people.ts';
import { roomCommands } from './rooms.ts';
import { type Faults, noFaults, type Settings, settingsOf } from './settings.ts';
import { type Client, fold, personOf, type Server } from './state.ts';
import { labelOfBatch, takeBatch, talkCommands } from './talk.ts';
import { fail, labelled, numeric } from './telling.ts';
import { hasToken, rename, welcomeCommands } from './welcome.ts';

const commands: Commands = {
  ...capCommands,
  ...welcomeCommands,
  ...accountCommands,
  ...roomCommands,
  ...doorCommands,
  ...modeCommands,
  ...talkCommands,
  ...historyCommands,
  ...peopleCommands,
  ...monitorCommands,
  ...operatorCommands,
};

export interface ModernIrcd extends AsyncDisposable {
  readonly port: number;
  /** Where it speaks TLS. */
  readonly tlsPort: number | undefined;
  /** Change it at will; a fault that is lifted lets through what it had held back. */
  readonly faults: Faults;
  /** Lets go on what a fault had stopped. */
  resume(): void;
  /** Codes of REGISTER, in the order in which they were mailed. */
  readonly mails: Server['mails'];
  /** The certificate that EXTERNAL takes for this account. */
  trust(account: string, fingerprint: string): void;
  split(leaf: string, nicks: readonly string[]): void;
  rejoin(leaf: string): void;
  rename(nick: string, to: string): void;
  changeHost(nick: string, user: string, host: string): void;
  offer(...capabilities: readonly string[]): void;
  withdraw(...capabilities: readonly string[]): void;
  /** The wire to somebody is cut; the others see them quit. */
  cut(nick: string): void;
  /** ERROR, and the connection ends. */
  disconnect(nick: string, reason: string): void;
  /** All wires are cut, and nobody answers at its ports; what it knew is forgotten. */
  kill(): Promise<void>;
  /** Again, at the same ports, with the same accounts. */
  restart(): Promise<void>;
}

function newState(settings: Settings, faults: Faults): Server {
  const server: Server = {
    settings,
    faults,
    clients: new Set(),
    nicks: new Map(),
    channels: new Map(),
    accounts: new Map(),
    history: new Map(),
    marks: new Map(),
    past: new Map(),
    mails: [],
    offered: offeredBy(settings),
    tlsPort: undefined,
    answering: undefined,
    numbers: 0,
  };
  for (const { name, password, fingerprint } of settings.accounts)
    server.accounts.set(fold(server, name), { name, password, fingerprint, code: undefined });
  return server;
}

function newClient(server: Server, socket: Socket): Client {
  const link = new Link(socket, server.faults, {
    line: (text) => hear(server, client, text),
    fault(what, text) {
      if (what === 'too long') return numeric(server, client, '417', 'Input line was too long');
      if (!hasToken(server, 'UTF8ONLY')) return hear(server, client, text);
      const command = readLine(text)?.command ?? '*';
      fail(server, client, command, 'INVALID_UTF8', 'Message rejected, this network is for UTF-8 alone');
    },
    closed: () => quit(server, client, 'Connection closed'),
  });
  const client: Client = {
    link,
    nick: '*',
    user: '',
    host: 'client.modern.test',
    realname: '',
    password: '',
    account: undefined,
    away: undefined,
    registered: false,
    negotiating: false,
    capVersion: 0,
    caps: new Set(),
    modes: new Set(),
    channels: new Set(),
    monitors: new Map(),
    sasl: undefined,
    saslText: '',
    batch: undefined,
    signedOnAt: 0,
    activeAt: 0,
    parked: undefined,
  };
  link.owner = () => client.nick;
  server.clients.add(client);
  return client;
}

/** One line of a client's. */
function hear(server: Server, client: Client, text: string): void {
  const line = readLine(text);
  if (line === undefined || !server.clients.has(client)) return;
  if (takeBatch(client, line)) return;
  const label = labelOfBatch(client, line) ?? line.tags.get('label');
  const opens = line.command === 'BATCH' && line.params[0]?.startsWith('+') === true;
  const speaks = client.caps.has('labeled-response') && client.caps.has('batch');
  if (label === undefined || label === '' || label.length > 64 || opens || !speaks) run(server, client, line);
  else labelled(server, client, label, () => run(server, client, line));
}

function run(server: Server, client: Client, line: Line): void {
  const command = commands[line.command];
  if (!client.registered && command?.early !== true) {
    // On the other side of a split nobody hears anything.
    if (client.parked === undefined) numeric(server, client, '451', 'You have not registered');
    return;
  }
  if (command === undefined) {
    numeric(server, client, '421', line.command, 'Unknown command');
    return;
  }
  if (line.params.length < (command.atLeast ?? 0)) {
    numeric(server, client, '461', line.command, 'Not enough parameters');
    return;
  }
  if (command.idle !== true) client.activeAt = server.settings.now();
  command.run(server, client, line);
}

function listen(server: TcpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : 0);
    });
  });
}

const closed = (server: TcpServer): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Starts one on loopback; without ports given, at ports of the system's choice. */
export async function startModernIrcd(
  more: Partial<Settings> = {},
  ports: { readonly port?: number; readonly tlsPort?: number } = {},
): Promise<ModernIrcd> {
  const settings = settingsOf(more);
  const faults = noFaults();
  let state = newState(settings, faults);
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    newClient(state, socket);
  };
  const { tls } = settings;
  const open = (): readonly TcpServer[] => [
    createTcp(accept),
    ...(tls === undefined
      ? []
      : [createTls({ key: tls.key, cert: tls.cert, requestCert: true, rejectUnauthorized: false }, accept)]),
  ];
  let listeners: readonly TcpServer[] = [];
  let port = ports.port ?? 0;
  let tlsPort = ports.tlsPort ?? 0;
  const begin = async (): Promise<void> => {
    listeners = open();
    const [plain, secure] = listeners;
    if (plain !== undefined) port = await listen(plain, port);
    if (secure !== undefined) tlsPort = await listen(secure, tlsPort);
    state.tlsPort = secure === undefined ? undefined : tlsPort;
  };
  const kill = async (): Promise<void> => {
    const ended = Promise.all(listeners.map(closed));
    listeners = [];
    for (const socket of sockets) cutSocket(socket);
    await ended;
    const { accounts } = state;
    state = newState(settings, faults);
    for (const [name, account] of accounts) state.accounts.set(name, account);
  };
  const person = (nick: string): Client => {
    const found = personOf(state, nick);
    if (found === undefined) throw new Error(`nobody here is called ${nick}`);
    return found;
  };
  await begin();
  return {
    port,
    tlsPort: tls === undefined ? undefined : tlsPort,
    faults,
    resume() {
      for (const { link } of state.clients) link.pump();
    },
    get mails() {
      return state.mails;
    },
    trust(name, fingerprint) {
      const account = state.accounts.get(fold(state, name));
      if (account !== undefined) account.fingerprint = fingerprint;
    },
    split: (leaf, nicks) => split(state, settings.name, leaf, nicks.map(person)),
    rejoin: (leaf) => rejoin(state, settings.name, leaf),
    rename: (nick, to) => rename(state, person(nick), to),
    changeHost: (nick, user, host) => changeHost(state, person(nick), user, host),
    offer: (...names) => offer(state, names),
    withdraw: (...names) => withdraw(state, names),
    cut: (nick) => person(nick).link.cut(),
    disconnect: (nick, reason) => byeTo(state, person(nick), reason),
    kill,
    async restart() {
      await kill();
      await begin();
    },
    [Symbol.asyncDispose]: kill,
  };
}
