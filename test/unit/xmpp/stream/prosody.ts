/** A real Prosody on loopback with nothing but components, as a child of the test. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../../src/xmpp/stream/types.ts';

export class Prosody {
  readonly port: number;
  readonly #dir: string;
  #child: ChildProcess | undefined;

  private constructor(port: number, components: Readonly<Record<string, string>>) {
    this.port = port;
    this.#dir = mkdtempSync(join(tmpdir(), 'isthmus-prosody-'));
    const hosts = Object.entries(components).map(
      ([name, secret]) => `Component "${name}"\n  component_secret = "${secret}"\n`,
    );
    writeFileSync(
      join(this.#dir, 'prosody.cfg.lua'),
      `run_as_root = true
daemonize = false
pidfile = "${this.#dir}/prosody.pid"
data_path = "${this.#dir}"
interfaces = { "127.0.0.1" }
c2s_ports = {} c2s_direct_tls_ports = {} s2s_ports = {} http_ports = {} https_ports = {}
component_ports = { ${port} }
component_interfaces = { "127.0.0.1" }
modules_enabled = { "ping" }
modules_disabled = { "s2s" }
authentication = "internal_plain"
log = { info = "*console" }
VirtualHost "localhost"
${hosts.join('')}`,
    );
  }

  static async start(components: Readonly<Record<string, string>>): Promise<Prosody> {
    const one = new Prosody(await freePort(), components);
    await one.run();
    return one;
  }

  /** Resolves once it listens. */
  async run(): Promise<void> {
    const child = spawn('prosody', ['--config', join(this.#dir, 'prosody.cfg.lua')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let output = '';
    await new Promise<void>((resolve, reject) => {
      const read = (bytes: Buffer): void => {
        output += bytes.toString();
        if (output.includes(`Activated service 'component'`)) resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`prosody ended with ${code}: ${output}`)));
    });
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill('SIGKILL');
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Time as it passes, but waits between tries are short. */
export const quickClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer = setTimeout(resolve, Math.min(ms, 100));
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
  after: (ms, call) => {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};
