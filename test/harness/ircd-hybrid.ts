/** ircd-hybrid 8: capabilities without labels and echoes, half-operators, numerics of its own; the third kind of packaged server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ircd } from './ircd.ts';
import { keepServer } from './kept-server.ts';
import { freePort } from './ports.ts';
import { accepts, type Running, start } from './process.ts';
import { startResolver } from './resolver.ts';
import { tempDir } from './temp.ts';
import { unprivileged } from './unprivileged.ts';

/** Starts one. Operator root/rootpw; no flood limits, and whoever is looked up is nobody. */
export async function startHybrid(): Promise<Ircd> {
  const port = await freePort();
  const dir = tempDir('hybrid');
  mkdirSync(join(dir.path, 'log'));
  const file = join(dir.path, 'ircd.conf');
  writeFileSync(file, configuration(port));
  const resolver = await startResolver(dir.path);
  const at = (name: string): string => join(dir.path, name);
  const files = ['kline', 'dline', 'xline', 'resv'].flatMap((name) => [`-${name}file`, at(name)]);
  const own = ['-foreground', '-configfile', file, '-logfile', at('log/ircd.log'), '-pidfile', at('ircd.pid')];
  const launch = (): Promise<Running> => {
    const [command, args] = resolver.for(...unprivileged(dir.path, 'ircd-hybrid', [...own, ...files]));
    return start(command, args, { name: 'ircd-hybrid', cwd: dir.path, ready: () => accepts(port) });
  };
  const server = await keepServer(dir, launch).catch(async (error: unknown) => {
    await resolver[Symbol.asyncDispose]();
    throw error;
  });
  const dispose = server[Symbol.asyncDispose].bind(server);
  return Object.assign(server, {
    name: 'hybrid' as const,
    port,
    async [Symbol.asyncDispose]() {
      await dispose();
      await resolver[Symbol.asyncDispose]();
    },
  });
}

const configuration = (port: number): string => `serverinfo {
  name = "irc.test"; description = "ircd-hybrid of a test"; network_name = "TestNet"; hub = no;
  default_max_clients = 2000; max_nick_length = 30; max_topic_length = 300;
};
admin { name = "a"; description = "a"; email = "<a@irc.test>"; };
class {
  name = "users"; ping_time = 90 seconds; number_per_ip_local = 2000; number_per_ip_global = 2000; max_number = 2000;
  number_per_cidr = 2000; cidr_bitlen_ipv4 = 32; cidr_bitlen_ipv6 = 128;
  sendq = 8 megabytes; recvq = 8000 bytes; max_channels = 200;
};
auth { user = "*@*"; class = "users"; flags = exceed_limit, can_flood; };
operator { name = "root"; user = "*@*"; password = "rootpw"; encrypted = no; class = "users"; flags = admin, kill, set; };
listen { host = "127.0.0.1"; flags = hidden; port = ${port}; };
channel {
  disable_fake_channels = yes; invite_client_count = 100; invite_client_time = 1 second; invite_delay_channel = 0;
  knock_client_count = 100; knock_client_time = 1 second; knock_delay_channel = 0; max_channels = 200; max_invites = 100;
  max_bans = 100; default_join_flood_count = 10000; default_join_flood_time = 1 second;
};
general {
  disable_auth = yes; anti_nick_flood = no; anti_spam_exit_message_time = 0; throttle_count = 100000; throttle_time = 1 second;
  pace_wait_simple = 0; pace_wait = 0; caller_id_wait = 0; default_floodcount = 0; no_oper_flood = yes; max_targets = 20;
  max_monitor = 100; max_accept = 100; away_count = 1000; away_time = 1 second; invisible_on_connect = no;
};
`;
