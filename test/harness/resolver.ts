/**
 * A name server that knows nobody and says so at once. ircd-hybrid asks for the name of whoever connects and can't be told not to; where the machine's own
 * server drops one question of a crowd, as several do, somebody is let in four seconds later, or twelve, or twenty-eight.
 */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './ports.ts';

export interface Resolver extends AsyncDisposable {
  /** The command to start, so that it asks here and nowhere else. */
  for(command: string, args: readonly string[]): readonly [string, readonly string[]];
}

const bind = ['--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"'];
/** NXDOMAIN, as the answer of a server that recurses. */
const nobody = Buffer.from([0x81, 0x83]);

/** Started where a program can be given a resolv.conf of its own, which takes root; elsewhere the machine's is asked. */
export async function startResolver(dir: string): Promise<Resolver> {
  const port = await freePort();
  // The port of names is the same for all, so each test has an address of its own.
  const address = `127.53.${port >> 8}.${port & 0xff}`;
  const file = join(dir, 'resolv.conf');
  writeFileSync(file, `nameserver ${address}\n`, { mode: 0o644 });
  if (spawnSync('unshare', [...bind, file, 'true']).status !== 0) {
    return { for: (command, args) => [command, args], [Symbol.asyncDispose]: async () => {} };
  }
  const socket = createSocket('udp4');
  socket.on('message', (question, { port: from, address: whose }) => {
    nobody.copy(question, 2);
    socket.send(question, from, whose);
  });
  socket.bind(53, address);
  await once(socket, 'listening');
  return {
    for: (command, args) => ['unshare', [...bind, file, command, ...args]],
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}
