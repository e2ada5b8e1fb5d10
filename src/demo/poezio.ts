/** A configuration for poezio, which has no question about a certificate that it does not know: it has to be told of it in advance. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accounts, host, type Layout, lobby } from './layout.ts';
import { loopback } from './ports.ts';
import { certificateOf } from './prosody.ts';

/** What `poezio -f` takes. */
export const poezioFile = (dir: string): string => join(dir, 'poezio.cfg');

/** Writes it; it brings its user into the lobby. */
export function preparePoezio(layout: Layout): void {
  writeFileSync(poezioFile(layout.dir), poezioConfig(layout), { mode: 0o600 });
}

const poezioConfig = ({ dir, ports }: Layout): string => `# Written by isthmus demo at every start.
[Poezio]
jid = ${accounts[0]}@${host}
password = ${accounts[0]}
custom_host = ${loopback}
custom_port = ${ports.xmpp}
ca_cert_path = ${certificateOf(dir)}
rooms = ${lobby}
default_nick = ${accounts[0]}
`;
