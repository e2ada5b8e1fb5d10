/** The harness' own IRC server as scenarios see it: beside ngircd and InspIRCd, with TLS, and what no packaged server can be made to do. */
import { readFileSync } from 'node:fs';
import { makeCertificate } from './certificate.ts';
import type { Ircd } from './ircd.ts';
import { type ModernIrcd, startModernIrcd } from './modern-ircd/server.ts';
import type { Settings } from './modern-ircd/settings.ts';
import { tempDir } from './temp.ts';

/** It, and the strings that a test pulls. */
export interface Modern extends Ircd {
  readonly name: 'modern';
  readonly server: ModernIrcd;
}

/** Starts one in this process. Operator root/rootpw. */
export async function startModern(names: readonly string[], more: Partial<Settings> = {}): Promise<Modern> {
  const dir = tempDir('modern');
  const { key, cert } = makeCertificate(dir.path, names);
  const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  const server = await startModernIrcd({ tls, ...more });
  return {
    name: 'modern',
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
