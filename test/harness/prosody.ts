/** A real Prosody on loopback, with a configuration, accounts and components of the test's own; its data survives kill -9 and restart. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptServer, keepServer } from './kept-server.ts';
import { freePorts } from './ports.ts';
import { accepts, type Running, start } from './process.ts';
import { tempDir } from './temp.ts';

export interface ProsodyOptions {
  readonly domain?: string;
  /** Component domain → secret. */
  readonly components: Readonly<Record<string, string>>;
  /** User name → password. */
  readonly users: Readonly<Record<string, string>>;
  /** The domain of its own MUC service, with rooms that stay and an archive; absent: there is none. */
  readonly muc?: string;
  /** Other servers' domains and the ports on loopback where they are reached; absent: it speaks with no other server. */
  readonly reaches?: Readonly<Record<string, number>>;
  /** For so many seconds it keeps a stream whose line was lost (XEP-0198); absent: for minutes. */
  readonly keepsStreams?: number;
  /** Lines put before the first host. */
  readonly extra?: string;
  /** Components that may read and set contact lists and write in users' names (XEP-0356), as far as the server can. */
  readonly privileged?: readonly string[];
  /** Those are told of the presence of all users, too (§7). */
  readonly overheard?: boolean;
}

export interface Prosody extends KeptServer {
  readonly domain: string;
  readonly port: number;
  readonly componentPort: number;
  /** BOSH at /http-bind, websocket at /xmpp-websocket. */
  readonly httpPort: number;
  /** Where other servers come, if it speaks with any. */
  readonly s2sPort: number;
}

const modules =
  'roster saslauth disco private blocklist vcard4 vcard_legacy version time ping pep mam carbons smacks csi_simple bosh websocket bookmarks';

/** Starts one; ready when clients and components may connect. */
export async function startProsody(options: ProsodyOptions): Promise<Prosody> {
  const { domain = 'localhost' } = options;
  const dir = tempDir('prosody');
  const [port = 0, componentPort = 0, httpPort = 0, s2sPort = 0] = await freePorts(4);
  writeAccounts(dir.path, domain, options.users);
  const file = join(dir.path, 'prosody.cfg.lua');
  writeFileSync(file, configuration(dir.path, domain, { port, componentPort, httpPort, s2sPort }, options));
  if (options.reaches !== undefined) writeWays(dir.path);
  const launch = (): Promise<Running> =>
    start('prosody', ['--config', file, '-F'], {
      name: 'prosody',
      ready: async () => (await accepts(port)) && (await accepts(componentPort)),
    });
  return Object.assign(await keepServer(dir, launch), { domain, port, componentPort, httpPort, s2sPort });
}

/** Straight into the store of mod_auth_internal_plain: a hundred accounts cost nothing. */
function writeAccounts(dir: string, domain: string, users: ProsodyOptions['users']): void {
  const folder = join(dir, 'data', encode(domain), 'accounts');
  mkdirSync(folder, { recursive: true });
  for (const [user, password] of Object.entries(users)) {
    writeFileSync(join(folder, `${encode(user)}.dat`), `return { ["password"] = ${JSON.stringify(password)}; };\n`);
  }
}

const encode = (name: string): string =>
  name.replace(/[^A-Za-z0-9]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** A module of its own: no name server knows the domains of tests. */
function writeWays(dir: string): void {
  mkdirSync(join(dir, 'plugins'), { recursive: true });
  const ways = `module:set_global();
local service, basic = require "net.resolvers.service", require "net.resolvers.basic";
local ports, new = module:get_option("reaches"), service.new;
function service.new(host, ...)
  if ports[host] then return basic.new("127.0.0.1", ports[host], "tcp"); end
  return new(host, ...);
end
`;
  writeFileSync(join(dir, 'plugins', 'mod_reaches.lua'), ways);
}

/** By dialback, unencrypted. */
function serversOf(dir: string, port: number, reaches: ProsodyOptions['reaches']): string {
  if (reaches === undefined) return 's2s_ports = {}\nmodules_disabled = { "s2s"; "tls"; "admin_shell" }';
  const ways = Object.entries(reaches).map(([name, at]) => `["${name}"] = ${at}`);
  return `plugin_paths = { "${dir}/plugins" }
reaches = { ${ways.join('; ')} }
s2s_ports = { ${port} }
s2s_interfaces = { "127.0.0.1" }
s2s_require_encryption = false
s2s_secure_auth = false
modules_disabled = { "tls"; "admin_shell" }`;
}

type Ports = Pick<Prosody, 'port' | 'componentPort' | 'httpPort' | 's2sPort'>;

function configuration(dir: string, domain: string, ports: Ports, options: ProsodyOptions): string {
  const { privileged = [], overheard = false } = options;
  const components = Object.entries(options.components)
    .map(([name, secret]) => {
      const module = privileged.includes(name) ? '  modules_enabled = { "privilege" }\n' : '';
      return `Component "${name}"\n  component_secret = ${JSON.stringify(secret)}\n${module}`;
    })
    .join('\n');
  return `run_as_root = true
daemonize = false
pidfile = "${dir}/prosody.pid"
data_path = "${dir}/data"
interfaces = { "127.0.0.1" }
c2s_ports = { ${ports.port} }
c2s_direct_tls_ports = {}
component_ports = { ${ports.componentPort} }
component_interfaces = { "127.0.0.1" }
http_ports = { ${ports.httpPort} }
https_ports = {}
http_interfaces = { "127.0.0.1" }
consider_bosh_secure = true
consider_websocket_secure = true
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
modules_enabled = { ${[...modules.split(' '), ...(options.reaches === undefined ? [] : ['s2s', 'dialback', 'reaches'])]
    .map((name) => `"${name}"`)
    .join('; ')} }
${serversOf(dir, ports.s2sPort, options.reaches)}
limits = { c2s = { rate = "100mb/s" } }
log = { info = "*console" }
${options.keepsStreams === undefined ? '' : `smacks_hibernation_time = ${options.keepsStreams}`}
${options.extra ?? ''}

VirtualHost "${domain}"
${privilegesOf(privileged, overheard)}
${mucOf(options.muc)}${components}`;
}

const mucOf = (domain: string | undefined): string =>
  domain === undefined
    ? ''
    : `Component "${domain}" "muc"\n  modules_enabled = { "muc_mam" }\n  muc_room_default_persistent = true\n`;

/** As `isthmus setup prosody` says it, but for what no test asks. */
function privilegesOf(domains: readonly string[], overheard: boolean): string {
  if (domains.length === 0) return '';
  const iq = '["http://jabber.org/protocol/pubsub"] = "both"; ["urn:xmpp:http:upload:0"] = "get"';
  const presence = overheard ? 'presence = "managed_entity"; ' : '';
  const entities = domains
    .map((name) => `["${name}"] = { roster = "both"; message = "outgoing"; ${presence}iq = { ${iq} } }`)
    .join('; ');
  return `  modules_enabled = { "privilege" }\n  privileged_entities = { ${entities} }\n`;
}
