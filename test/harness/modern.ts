/** The harness' own IRC server as scenarios see it: beside ngircd and InspIRCd, with TLS, and what no packaged server can be made to do. */
import { readFileSync } from 'node:fs';
import { makeCertificate } from './certificate.ts';
import type { Ircd } from './ircd.ts';
import { capabilities } from './modern-ircd/cap.ts';
import { type ModernIrcd, startModernIrcd } from './modern-ircd/server.ts';
import type { Settings } from './modern-ircd/settings.ts';
import { tempDir } from './temp.ts';

/** It, and the strings that a test pulls. */
export interface Modern extends Ircd {
  readonly name: 'modern' | 'plain';
  readonly server: ModernIrcd;
}

/** The same as a server of old: no capabilities, nothing that came with them, whatever bytes people send, and `[` and `{` are one letter. */
export const startPlain = (names: readonly string[]): Promise<Modern> =>
  startModern(names, { without: capabilities, withoutTokens: late, casemapping: 'rfc1459' }, 'plain');

const late = ['ACCOUNTEXTBAN', 'BOT', 'ELIST', 'EXTBAN', 'MONITOR', 'STATUSMSG', 'TARGMAX', 'UTF8ONLY', 'WHOX'];

/** Starts one in this process. Operator root/rootpw. */
export async function startModern(
  names: readonly string[],
  more: Partial<Settings> = {},
  name: Modern['name'] = 'modern',
): Promise<Modern> {
  const dir = tempDir('modern');
  const { key, cert } = makeCertificate(dir.path, names);
  const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const server = await startModernIrcd({ tls, ...more });
  return {
    name,
    server,
    port: server.port,
    tls: { port: server.tlsPort ?? 0, ca: cert },
    kill: () => server.kill(),
    restart: () => server.restart(),
    async [Symbol.asyncDispose]() {
      await server.kill();
      dir.remove();
    },
  };
}
