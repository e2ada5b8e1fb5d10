/** ngIRCd: an IRC server with nearly no capabilities, where receipts must be had by PING. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ircd } from './ircd.ts';
import { keepServer } from './kept-server.ts';
import { freePort } from './ports.ts';
import { type Running, start } from './process.ts';
import { tempDir } from './temp.ts';

/** Starts one. No limits on joins or connections; operator root/rootpw. */
export async function startNgircd(): Promise<Ircd> {
  const port = await freePort();
  const dir = tempDir('ngircd');
  const file = join(dir.path, 'ngircd.conf');
  writeFileSync(file, configuration(port));
  const launch = (): Promise<Running> =>
    start('ngircd', ['-n', '-f', file], {
      name: 'ngircd',
      ready: (started) => started.output().includes('ready.'),
    });
  return Object.assign(await keepServer(dir, launch), { name: 'ngircd', port } as const);
}

const configuration = (port: number): string => `[Global]
Name = ng.test
Info = ngircd of a test
Listen = 127.0.0.1
Ports = ${port}
ServerUID = nobody
ServerGID = nogroup
MotdPhrase = hello
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 30
MaxPenaltyTime = 0
PingTimeout = 120
[Options]
DNS = no
Ident = no
PAM = no
OperCanUseMode = yes
[Operator]
Name = root
Password = rootpw
`;
