/** A real biboumi, as Debian ships it, for what its users bring along. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Running, start } from './process.ts';
import { type TempDir, tempDir } from './temp.ts';

export interface BiboumiServer extends AsyncDisposable {
  readonly running: Running;
  /** Its database: a file, or the URL that it was given. */
  readonly db: string;
  /** Stops it; its database stays. */
  stop(): Promise<void>;
}

export interface BiboumiOptions {
  readonly domain: string;
  readonly secret: string;
  readonly componentPort: number;
  /** postgresql://…; a file of its own where it is not said. */
  readonly db?: string;
}

/** Ready when it is connected to the XMPP server. */
export async function startBiboumi({ domain, secret, componentPort, db }: BiboumiOptions): Promise<BiboumiServer> {
  const dir: TempDir = tempDir('biboumi');
  const file = join(dir.path, 'biboumi.cfg');
  const database = db ?? join(dir.path, 'biboumi.sqlite');
  const lines = {
    hostname: domain,
    password: secret,
    xmpp_server_ip: '127.0.0.1',
    port: componentPort,
    db_name: database,
    identd_port: 0,
    log_level: 0,
  };
  writeFileSync(
    file,
    Object.entries(lines)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const running = await start('biboumi', [file], {
    name: 'biboumi',
    cwd: dir.path,
    ready: (one) => one.output().includes('Authenticated with the XMPP server'),
  });
  return {
    running,
    db: database,
    async stop() {
      await running.stop();
    },
    async [Symbol.asyncDispose]() {
      await running.kill();
      dir.remove();
    },
  };
}
