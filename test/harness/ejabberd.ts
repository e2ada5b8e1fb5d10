/** A real ejabberd on loopback (Debian's package, started straight from Erlang, so that nothing of the system's own instance is touched). */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { keepServer } from './kept-server.ts';
import { withHosts } from './own-hosts.ts';
import { freePorts } from './ports.ts';
import { accepts, type Running, start } from './process.ts';
import type { Prosody, ProsodyOptions } from './prosody.ts';
import { tempDir } from './temp.ts';

/** `modules`: more than are there anyway. */
export type EjabberdOptions = Omit<ProsodyOptions, 'extra'> & { readonly modules?: Readonly<Record<string, object>> };

/** The same face as Prosody's; accounts are made through its HTTP API. */
export async function startEjabberd(options: EjabberdOptions): Promise<Prosody> {
  const { domain = 'localhost' } = options;
  const dir = tempDir('ejabberd');
  const [port = 0, componentPort = 0, httpPort = 0, s2sPort = 0] = await freePorts(4);
  const { key, cert } = makeCertificate(dir.path, [domain]);
  const file = join(dir.path, 'ejabberd.yml');
  writeFileSync(file, configuration(domain, { port, componentPort, httpPort, s2sPort }, options, [key, cert]));
  const names = Object.keys(options.reaches ?? {});
  const server = await keepServer(dir, () => launchEjabberd(dir.path, file, [port, componentPort, httpPort], names));
  try {
    for (const [user, password] of Object.entries(options.users))
      await register(httpPort, { user, host: domain, password });
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return Object.assign(server, { domain, port, componentPort, httpPort, s2sPort });
}

/** With a configuration of one's own; its data and logs go to the directory. Ready when it listens on all these ports. @param names of other servers, at loopback */
export function launchEjabberd(
  dir: string,
  file: string,
  ports: readonly number[],
  names: readonly string[] = [],
): Promise<Running> {
  const found = findEjabberd();
  if (found === undefined) throw new Error('ejabberd is not installed: sh deploy/setup.sh --with-tests');
  const { libraries, code } = found;
  const spool = join(dir, 'spool');
  mkdirSync(spool, { recursive: true });
  const erlang = ['-noinput', '-noshell', '-pa', code, '-mnesia', 'dir', `"${spool}"`, '-s', 'ejabberd'];
  // Asked of the system, whatever Erlang's own resolver was told.
  const [command, args] = names.length === 0 ? ['erl', erlang] : withHosts(dir, names, 'erl', erlang);
  return start(command, args, {
    name: 'ejabberd',
    cwd: dir,
    env: {
      EJABBERD_CONFIG_PATH: file,
      EJABBERD_LOG_PATH: join(dir, 'ejabberd.log'),
      ERL_CRASH_DUMP: join(dir, 'crash.dump'),
      ERL_LIBS: libraries,
      HOME: dir,
    },
    readyWithinMs: 90_000,
    ready: async () => (await Promise.all(ports.map((port) => accepts(port)))).every(Boolean),
  });
}

/** Is the package there? Worlds that need it say so in their names and are skipped where it is not. */
export const hasEjabberd = (): boolean => findEjabberd() !== undefined;

/** Where Debian's package has its code: /usr/lib/ARCHITECTURE/ejabberd-VERSION/ebin. */
function findEjabberd(): { readonly libraries: string; readonly code: string } | undefined {
  for (const architecture of existsSync('/usr/lib') ? readdirSync('/usr/lib') : []) {
    if (!architecture.endsWith('-linux-gnu')) continue;
    const libraries = join('/usr/lib', architecture);
    const version = readdirSync(libraries).find((name) => /^ejabberd-\d/.test(name));
    if (version !== undefined) return { libraries, code: join(libraries, version, 'ebin') };
  }
  return undefined;
}

async function register(httpPort: number, account: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${httpPort}/api/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(account),
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(`ejabberd registers nobody: ${answer.status} ${await answer.text()}`);
}

type Ports = Pick<Prosody, 'port' | 'componentPort' | 'httpPort' | 's2sPort'>;

/** By dialback, unencrypted; all the others are at one port. */
function serversOf({ reaches }: EjabberdOptions): object {
  const [port] = Object.values(reaches ?? {});
  if (port === undefined) return {};
  return { s2s_use_starttls: false, s2s_max_retry_delay: 2, outgoing_s2s_port: port, outgoing_s2s_families: ['ipv4'] };
}

/** YAML is a superset of JSON. */
function configuration(domain: string, ports: Ports, options: EjabberdOptions, certfiles: readonly string[]): string {
  const hosts = Object.fromEntries(
    Object.entries(options.components).map(([name, secret]) => [name, { password: secret }]),
  );
  const ip = '127.0.0.1';
  const c2s = { port: ports.port, ip, module: 'ejabberd_c2s', max_stanza_size: 262_144, shaper: 'none', access: 'c2s' };
  // Without `global_routes: false` each connection gets the stanzas of all the domains.
  const component = {
    port: ports.componentPort,
    ip,
    module: 'ejabberd_service',
    access: 'all',
    shaper: 'none',
    global_routes: false,
  };
  const http = {
    port: ports.httpPort,
    ip,
    module: 'ejabberd_http',
    request_handlers: { '/ws': 'ejabberd_http_ws', '/api': 'mod_http_api' },
  };
  const s2s = { port: ports.s2sPort, ip, module: 'ejabberd_s2s_in', shaper: 'none' };
  return JSON.stringify({
    ...serversOf(options),
    hosts: [domain],
    loglevel: 'info',
    certfiles,
    listen: [
      { ...c2s, starttls: true, starttls_required: false },
      { ...component, hosts },
      http,
      ...(options.reaches === undefined ? [] : [s2s]),
    ],
    auth_method: 'internal',
    auth_password_format: 'plain',
    acl: { local: { user_regexp: '' }, gateways: { server: options.privileged ?? [] } },
    access_rules: { c2s: { allow: 'all' }, gateways: { allow: 'gateways' } },
    api_permissions: { any: { who: { ip: '127.0.0.1/8' }, what: '*' } },
    modules: {
      ...(options.privileged !== undefined && { mod_privilege: privileges }),
      ...Object.fromEntries(
        [
          'adhoc',
          'admin_extra',
          'caps',
          'carboncopy',
          'disco',
          'http_api',
          'last',
          'mam',
          'ping',
          'roster',
          'stream_mgmt',
          'version',
        ].map((name) => [`mod_${name}`, {}]),
      ),
      ...(options.keepsStreams !== undefined && { mod_stream_mgmt: { resume_timeout: options.keepsStreams } }),
      ...(options.reaches !== undefined && { mod_s2s_dialback: {} }),
      ...(options.muc !== undefined && { mod_muc: mucOf(options.muc) }),
      ...options.modules,
    },
  });
}

const mucOf = (host: string): object => ({
  host,
  access: 'all',
  access_admin: 'none',
  access_create: 'all',
  default_room_options: { persistent: true, mam: true },
});

/** As `isthmus setup ejabberd` says it. */
const privileges = { roster: { both: 'gateways' }, message: { outgoing: 'gateways' } };
