/** The gateways under measurement: how each is set up, started, and addressed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { stringify } from 'yaml';
import type { BarePlace } from './bare.ts';
import type { DiscordPlace } from './wire.ts';

export interface Ports {
  readonly xmpp: number;
  readonly irc: number;
}

export interface Gateway {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Target {
  readonly name: string;
  readonly domain: string;
  /** Can only do a few hundred messages a second: fewer are sent, and nothing at a rate. */
  readonly slow: boolean;
  /** Knows of one channel alone: it is in no storm of joins. */
  readonly oneRoom?: true;
  room(channel: string): string;
  start(ports: Ports, users: number): Gateway;
  /** Between the fake server and the tests' Discord; absent: it knows none. */
  readonly onDiscord?: (xmppPort: number, at: DiscordPlace) => Gateway;
}

const ircName = 'irc.bench';

/** The JID of whoever may share accounts. */
export const operator = 'operator@bench';

/** Isthmus as built, journal on, with its private Redis; as with biboumi, the archive apart. */
const isthmus = (archive: boolean): Target => ({
  name: archive ? 'isthmus-db' : 'isthmus',
  domain: 'gw.bench',
  slow: false,
  room: (channel) => `${channel}%${ircName}@gw.bench`,
  start: (ports) => startIsthmus(ports.xmpp, archive, 'irc', ircOptions(ports.irc)),
  onDiscord: (xmppPort, { api, cdn }) => startIsthmus(xmppPort, archive, 'discord', { api, cdn }),
});

function startIsthmus(xmppPort: number, archive: boolean, use: string, options: object): Gateway {
  const dir = mkdtempSync(join(tmpdir(), 'isthmus-bench-'));
  const file = join(dir, 'isthmus.yaml');
  writeFileSync(file, stringify(isthmusConfig(xmppPort, archive, use, options)));
  const main = join(dirname(process.argv[1] ?? ''), 'main.js');
  return launch(process.execPath, [...process.execArgv, main, 'run', '--config', file], dir);
}

/** The fake IRC server's, for a gateway's options. */
export const ircOptions = (port: number): object => ({
  tls: 'off',
  throttle: 'off',
  pace: 'off',
  linger: 0,
  servers: { [ircName]: { address: [`127.0.0.1:${port}`], tls: 'off' } },
});

/** A configuration of one domain between the fakes. */
export function isthmusConfig(
  xmppPort: number,
  archive: boolean,
  use: string,
  options: object,
  redis = 'private',
): object {
  return {
    xmpp: { host: '127.0.0.1', port: xmppPort },
    admins: [operator],
    storage: { data: './data', sql: 'sqlite', redis, archive },
    http: { host: '127.0.0.1', port: 0 },
    bridges: [{ use, domain: 'gw.bench', secret: 'bench', allow: ['*'], options }],
  };
}

/** What Node itself needs, without Redis, with it, and what our promises cost. */
const bare = (name: 'bare' | 'bare-redis' | 'floor'): Target => ({
  name,
  domain: 'gw.bench',
  slow: false,
  oneRoom: true,
  room: (channel) => `${channel}%${ircName}@gw.bench`,
  start(ports) {
    const dir = mkdtempSync(join(tmpdir(), 'bare-bench-'));
    const place: BarePlace = {
      ...ports,
      domain: this.domain,
      room: this.room('#bench'),
      store: name === 'bare' ? undefined : dir,
    };
    return launch(
      process.execPath,
      [process.argv[1] ?? '', name === 'floor' ? name : 'bare', JSON.stringify(place)],
      dir,
    );
  },
});

/** Debian's biboumi; its options for each user are written straight into its database. */
const biboumi = (history: boolean): Target => ({
  name: history ? 'biboumi-db' : 'biboumi',
  domain: 'gw.bench',
  slow: history,
  room: (channel) => `${channel}%${ircName}@gw.bench`,
  start(ports, users) {
    const dir = mkdtempSync(join(tmpdir(), 'biboumi-bench-'));
    mkdirSync(dir, { recursive: true });
    const file = join(dir, 'biboumi.cfg');
    const lines = ['hostname=gw.bench', 'password=bench', 'xmpp_server_ip=127.0.0.1', `port=${ports.xmpp}`];
    lines.push(`db_name=${join(dir, 'biboumi.sqlite')}`, 'log_level=3', 'identd_port=0');
    writeFileSync(file, `${lines.join('\n')}\n`);
    writeOptions(join(dir, 'biboumi.sqlite'), ports.irc, users, history);
    return launch('/usr/bin/biboumi', [file], dir);
  },
});

const optionTables = `
CREATE TABLE globaloptions_ (id_ INTEGER PRIMARY KEY AUTOINCREMENT, owner_ TEXT, maxhistorylength_ INTEGER, recordhistory_ INTEGER, persistent_ INTEGER);
CREATE TABLE ircserveroptions_ (id_ INTEGER PRIMARY KEY AUTOINCREMENT, owner_ TEXT, server_ TEXT, pass_ TEXT, tlsports_ TEXT, ports_ TEXT, username_ TEXT,
  realname_ TEXT, verifycert_ INTEGER, trustedfingerprint_ TEXT, encodingout_ TEXT, encodingin_ TEXT, maxhistorylength_ INTEGER, address_ TEXT, nick_ TEXT,
  saslpassword_ TEXT, throttlelimit_ INTEGER);
`;

function writeOptions(file: string, port: number, users: number, history: boolean): void {
  const db = new Database(file);
  db.exec(optionTables);
  const global = db.prepare(
    'INSERT INTO globaloptions_ (owner_, maxhistorylength_, recordhistory_, persistent_) VALUES (?, 20, ?, 0)',
  );
  const server = db.prepare(
    "INSERT INTO ircserveroptions_ (owner_, server_, tlsports_, ports_, address_, throttlelimit_, verifycert_, pass_, username_, realname_, trustedfingerprint_, encodingout_, encodingin_, nick_, saslpassword_) VALUES (?, ?, '', ?, '127.0.0.1', -1, 0, '', '', '', '', '', '', '', '')",
  );
  db.transaction(() => {
    for (let n = 1; n <= users; n++) {
      global.run(`u${n}@bench`, history ? 1 : 0);
      server.run(`u${n}@bench`, ircName, String(port));
    }
  })();
  db.close();
}

function launch(command: string, args: readonly string[], dir: string): Gateway {
  // As the systemd unit and the container start it.
  const env = { MALLOC_ARENA_MAX: '1', ...process.env };
  const child: ChildProcess = spawn(command, args, { cwd: dir, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said = (said + text.toString()).slice(-4_000);
  });
  const onExit = (): void => void child.kill('SIGKILL');
  process.on('exit', onExit);
  let stopping = false;
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void gone.then(() => {
    process.off('exit', onExit);
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    if (!stopping) process.stderr.write(`${command} ended by itself:\n${said}\n`);
  });
  return {
    pid: child.pid ?? 0,
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 3_000);
      await gone.finally(() => clearTimeout(killer));
    },
  };
}

/** What can be measured on this machine; `only` picks by name. */
export function targets(only: readonly string[]): readonly Target[] {
  const ours = [isthmus(false), isthmus(true), bare('bare'), bare('bare-redis'), bare('floor')];
  const all = existsSync('/usr/bin/biboumi') ? [...ours, biboumi(false), biboumi(true)] : ours;
  return only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
}
