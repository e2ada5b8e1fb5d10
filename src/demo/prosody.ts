/** The demo's XMPP server: a Prosody on loopback with two accounts, a websocket for the page and a component for the gateway. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accounts, domain, host, type Layout } from './layout.ts';
import { loopback } from './ports.ts';

const homeIn = (dir: string): string => join(dir, 'prosody');

/** Its certificate, which is its own authority. */
export const certificateOf = (dir: string): string => join(homeIn(dir), 'localhost.crt');

/** Writes what Prosody needs; returns its arguments. */
export function prepareProsody(layout: Layout): string[] {
  const home = homeIn(layout.dir);
  const accountFolder = join(home, 'data', host, 'accounts');
  mkdirSync(accountFolder, { recursive: true, mode: 0o700 });
  // Prosody looks for certificates there, and complains where there is no such folder.
  mkdirSync(join(home, 'certs'), { recursive: true });
  for (const name of accounts)
    writeFileSync(join(accountFolder, `${name}.dat`), `return { ["password"] = ${lua(name)}; };\n`);
  const config = join(home, 'prosody.cfg.lua');
  writeFileSync(config, prosodyConfig(layout, home, makeCertificate(home)), { mode: 0o600 });
  return ['--config', config, '-F'];
}

/** @param certified there is a certificate in `home` */
export function prosodyConfig({ ports, secret }: Layout, home: string, certified: boolean): string {
  return `-- Written by isthmus demo at every start. Loopback only.
run_as_root = true
daemonize = false
pidfile = ${lua(join(home, 'prosody.pid'))}
data_path = ${lua(join(home, 'data'))}
log = { info = "*console" }

interfaces = { "${loopback}" }
local_interfaces = { "${loopback}" }
c2s_ports = { ${ports.xmpp} }
c2s_direct_tls_ports = {}
s2s_ports = {}
component_interfaces = { "${loopback}" }
component_ports = { ${ports.component} }
http_interfaces = { "${loopback}" }
http_ports = { ${ports.web} }
https_ports = {}
http_default_host = ${lua(host)}
http_max_content_size = 1048576
http_cors_override = { bosh = { enabled = true }, websocket = { enabled = true } }
consider_bosh_secure = true
consider_websocket_secure = true

authentication = "internal_plain"
storage = "internal"
allow_registration = false
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
modules_enabled = {
    "roster", "saslauth", ${certified ? '"tls", ' : ''}"disco", "private", "blocklist", "vcard4", "vcard_legacy", "version", "time", "ping",
    "pep", "bookmarks", "mam", "carbons", "smacks", "csi_simple", "bosh", "websocket",
}
modules_disabled = { "s2s"${certified ? '' : ', "tls"'} }

VirtualHost ${lua(host)}
${certified ? `    ssl = { key = ${lua(join(home, 'localhost.key'))}, certificate = ${lua(join(home, 'localhost.crt'))} }\n` : ''}
Component ${lua(domain)}
    component_secret = ${lua(secret)}
`;
}

/** Many clients want TLS even on loopback. false: this machine has no openssl, clients must then do without. */
function makeCertificate(home: string): boolean {
  const [key, certificate] = [join(home, 'localhost.key'), join(home, 'localhost.crt')];
  if (existsSync(key) && existsSync(certificate)) return true;
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', `/CN=${host}`];
  const made = spawnSync(
    'openssl',
    [...kind, '-addext', `subjectAltName=DNS:${host}`, '-keyout', key, '-out', certificate],
    {
      stdio: 'ignore',
      timeout: 20_000,
    },
  );
  if (made.status === 0) return true;
  // What a full disk took a part of would count as made.
  for (const file of [key, certificate]) rmSync(file, { force: true });
  return false;
}

const lua = (text: string): string => JSON.stringify(text);
