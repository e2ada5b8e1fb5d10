/** soju: a bouncer that keeps what is said in its own database and lets clients ask for it (draft/chathistory). */
import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bouncer, type BouncerAccount, path } from './bouncer.ts';
import { keepServer } from './kept-server.ts';
import { accepts, type Running, start } from './process.ts';
import { tempDir } from './temp.ts';

/** Debian has it from 13 on only: where the set-up could not get it, there is none. */
export const hasSoju = (): boolean =>
  path()
    .split(':')
    .some((place) => existsSync(join(place, 'soju')));

/** Starts one with these accounts, each on the network `ng` at that port. A client logs in as ACCOUNT/ng. */
export async function startSoju(port: number, upstream: number, accounts: readonly BouncerAccount[]): Promise<Bouncer> {
  const dir = tempDir('soju');
  const config = join(dir.path, 'config');
  writeFileSync(config, configuration(dir.path, port));
  const launch = (): Promise<Running> =>
    start('soju', ['-config', config], {
      name: 'soju',
      cwd: dir.path,
      // It listens for users first, and then for sojuctl.
      ready: async () => (await accepts(port)) && (await accepts(join(dir.path, 'admin'))),
    });
  const run = (program: string, args: readonly string[], input = ''): void => {
    execFileSync(program, ['-config', config, ...args], {
      input,
      stdio: 'pipe',
      env: { ...process.env, PATH: path() },
    });
  };
  for (const { name, password } of accounts) run('sojudb', ['create-user', name], `${password}\n`);
  const server = await keepServer(dir, launch);
  for (const { name, channels } of accounts) {
    const network = ['network', 'create', '-addr', `irc+insecure://127.0.0.1:${upstream}`, '-name', 'ng'];
    run('sojuctl', ['user', 'run', name, ...network, '-nick', name]);
    for (const channel of channels) run('sojuctl', ['user', 'run', name, 'channel', 'create', `${channel}/ng`]);
  }
  return Object.assign(server, { port });
}

const configuration = (dir: string, port: number): string => `db sqlite3 ${dir}/soju.db
message-store db
hostname soju.test
listen irc+insecure://127.0.0.1:${port}
listen unix+admin://${dir}/admin
`;
