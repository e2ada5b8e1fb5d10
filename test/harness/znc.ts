/** ZNC: a bouncer that plays its buffers back to whoever comes, in batches (znc.in/playback) with the time of each line. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bouncer, BouncerAccount } from './bouncer.ts';
import { keepServer } from './kept-server.ts';
import { accepts, type Running, start } from './process.ts';
import { tempDir } from './temp.ts';
import { unprivileged } from './unprivileged.ts';

/** Starts one with these accounts, each on the network `ng` at that port. A client logs in by PASS ACCOUNT/ng:PASSWORD. Buffers are played back every time. */
export async function startZnc(port: number, upstream: number, accounts: readonly BouncerAccount[]): Promise<Bouncer> {
  const dir = tempDir('znc');
  mkdirSync(join(dir.path, 'configs'));
  const users = accounts.map((account) => userOf(account, upstream)).join('\n');
  writeFileSync(join(dir.path, 'configs', 'znc.conf'), configuration(port) + users);
  const launch = (): Promise<Running> => {
    const [command, args] = unprivileged(dir.path, 'znc', ['--foreground', '--no-color', '--datadir', dir.path]);
    return start(command, args, { name: 'znc', ready: () => accepts(port) });
  };
  return Object.assign(await keepServer(dir, launch), { port });
}

const configuration = (port: number): string => `Version = 1.8.2
AnonIPLimit = 1000
ConnectDelay = 0
ServerThrottle = 0
MaxBufferSize = 1000
<Listener main>
  Host = 127.0.0.1
  Port = ${port}
  SSL = false
  AllowIRC = true
  AllowWeb = false
  IPv4 = true
  IPv6 = false
</Listener>
`;

const userOf = ({ name, password, channels }: BouncerAccount, upstream: number): string => `<User ${name}>
  Pass = plain#${password}
  Nick = ${name}
  AltNick = ${name}_
  Ident = ${name}
  RealName = ${name}
  AutoClearChanBuffer = false
  AutoClearQueryBuffer = false
  ChanBufferSize = 500
  JoinTries = 0
  MaxJoins = 0
  <Network ng>
    FloodBurst = 9999
    FloodRate = 9999.00
    IRCConnectEnabled = true
    JoinDelay = 0
    Server = 127.0.0.1 ${upstream}
${channels.map((channel) => `    <Chan ${channel}>\n    </Chan>`).join('\n')}
  </Network>
</User>
`;
