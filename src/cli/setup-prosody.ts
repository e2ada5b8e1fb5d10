/** Prosody's side of a configuration (CHECKLIST 15.1). */
import { isIP } from 'node:net';
import type { BridgeConfig, Config } from '../ops/config/config.ts';

/** What each user's host lets the gateway do in a user's name. */
const rights = `roster = "both";
            message = "outgoing";
            iq = {
                ["http://jabber.org/protocol/pubsub"] = "both"; -- bookmarks
                ["urn:xmpp:http:upload:0"] = "get"; -- uploads
            };`;

/** A file for /etc/prosody/conf.d: a component a domain, and the privileges on the host above it. */
export function prosodySetup({ file, xmpp, bridges }: Config): string {
  const lines = [
    `-- Prosody's side of ${file}, by \`isthmus setup prosody\`. Save it as /etc/prosody/conf.d/isthmus.cfg.lua, then: systemctl restart prosody`,
    '-- (a reload starts no component that is new; deploy/README.md has the way without a restart). It holds secrets: chown root:prosody, chmod 640.',
    "-- mod_privilege is in Debian's package prosody-modules; without it chatting works, contacts and bookmarks are not kept for you.",
    ...listener(xmpp),
  ];
  for (const [host, domains] of hostsOf(bridges)) {
    lines.push(
      '',
      '-- The host of your users. If its section elsewhere has modules_enabled or privileged_entities, add these there instead.',
      `VirtualHost ${lua(host)}`,
      '    modules_enabled = { "privilege" }',
      '    privileged_entities = {',
      ...domains.map((domain) => `        [${lua(domain)}] = {\n            ${rights}\n        };`),
      '    }',
    );
  }
  for (const { domain, secret } of bridges) {
    lines.push(
      '',
      `Component ${lua(domain)}`,
      `    component_secret = ${lua(secret.reveal())}`,
      '    modules_enabled = { "privilege" }',
    );
  }
  return `${lines.join('\n')}\n`;
}

function listener({ host, port, tls }: Config['xmpp']): string[] {
  const lines: string[] = [];
  if (tls !== false) {
    lines.push(
      '-- Prosody has no TLS for components: `xmpp.tls` needs a TLS proxy in front of its port. Better: loopback or a private network, and no tls.',
    );
  }
  const local = host === 'localhost' || host === '::1' || host.startsWith('127.');
  if (!local) {
    // Prosody resolves a name itself, and a machine often resolves its own to loopback.
    const addresses = isIP(host) === 0 ? ['*', '::'] : [host];
    lines.push(
      '-- Components are listened for on loopback unless this line says otherwise.',
      ...(addresses[0] === host
        ? []
        : [`-- Here on every address: put the one that the gateway reaches as ${host}, or let nobody else in.`]),
      `component_interfaces = { ${addresses.map(lua).join(', ')} }`,
    );
  }
  if (port !== 5347) lines.push(`component_ports = { ${port} }`);
  return lines;
}

/** The host of the users of each domain → those domains: one above that may use it, else one beside it, else the one right above. A domain of one word has none. */
export function hostsOf(
  bridges: readonly Pick<BridgeConfig, 'domain' | 'allow'>[],
): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const { domain, allow } of bridges.filter((one) => one.domain.includes('.'))) {
    const right = domain.slice(domain.indexOf('.') + 1);
    const allowed = allow.map((jid) => jid.slice(jid.indexOf('@') + 1));
    const theirs =
      allowed.find((host) => domain.endsWith(`.${host}`)) ??
      allowed.find((host) => right.includes('.') && host.endsWith(`.${right}`)) ??
      right;
    hosts.set(theirs, [...(hosts.get(theirs) ?? []), domain]);
  }
  return hosts;
}

/** A Lua string that means exactly this text. */
const lua = (text: string): string =>
  `"${text.replace(/["\\\u0000-\u001f\u007f]/g, (char) => `\\${String(char.charCodeAt(0)).padStart(3, '0')}`)}"`;
