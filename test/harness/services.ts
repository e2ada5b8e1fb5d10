/** InspIRCd with real services behind it: atheme's NickServ, ChanServ and SASL, for accounts as larger networks have them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkWith, type ServicesLink, startInspircd } from './inspircd.ts';
import { connectIrc } from './irc-client.ts';
import type { Ircd } from './ircd.ts';
import { type KeptServer, keepServer } from './kept-server.ts';
import { type Running, start, until } from './process.ts';
import { tempDir } from './temp.ts';
import { unprivileged } from './unprivileged.ts';

export interface IrcdWithServices extends Ircd {
  /** Of the services alone; they link again when they are started again. */
  readonly services: KeptServer;
}

const servicesName = 'services.test';

/** Starts both; ready when NickServ is there. */
export async function startWithServices(): Promise<IrcdWithServices> {
  const link = await linkWith(servicesName);
  const ircd = await startInspircd({ services: link });
  try {
    const services = await startAtheme(link);
    await until(
      'NickServ is there',
      async () => (await isThere(ircd, 'NickServ')) && (await isThere(ircd, 'ChanServ')),
    );
    return {
      name: 'services',
      port: ircd.port,
      ...(ircd.tls !== undefined && { tls: ircd.tls }),
      services,
      kill: () => ircd.kill(),
      restart: () => ircd.restart(),
      async [Symbol.asyncDispose]() {
        await services[Symbol.asyncDispose]();
        await ircd[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await ircd[Symbol.asyncDispose]();
    throw error;
  }
}

async function isThere(ircd: Ircd, nick: string): Promise<boolean> {
  const client = await connectIrc({ port: ircd.port, nick: 'looker' });
  client.send(`ISON ${nick}`);
  const [, found] = await client.expect(/ 303 \S+ :?(\S*)/);
  client.close();
  return found === nick;
}

async function startAtheme(link: ServicesLink): Promise<KeptServer> {
  const dir = tempDir('atheme');
  const at = (name: string): string => join(dir.path, name);
  mkdirSync(at('data'));
  writeFileSync(at('atheme.conf'), configuration(link));
  const files = ['-n', '-c', at('atheme.conf'), '-l', at('atheme.log'), '-p', at('atheme.pid'), '-D', at('data')];
  const launch = (): Promise<Running> => {
    const [command, args] = unprivileged(dir.path, 'atheme-services', files);
    return start(command, args, { name: 'atheme', cwd: dir.path });
  };
  return keepServer(dir, launch);
}

const modules = [
  'protocol/inspircd',
  'backend/opensex',
  'crypto/pbkdf2v2',
  ...['main', 'register', 'identify', 'login', 'logout', 'ghost', 'enforce', 'access', 'cert', 'drop', 'info', 'status']
    .concat('set_core', 'set_enforcetime', 'set_password', 'list', 'help', 'group', 'hold', 'return', 'listchans')
    .map((name) => `nickserv/${name}`),
  ...['main', 'register', 'access', 'flags', 'op', 'voice', 'halfop', 'akick', 'invite', 'info', 'topic', 'set_core']
    .concat('ban', 'kick', 'status', 'drop', 'unban_self')
    .map((name) => `chanserv/${name}`),
  'memoserv/main',
  'operserv/main',
  'saslserv/main',
  'saslserv/plain',
  'saslserv/external',
];

const agent = (section: string, nick: string): string =>
  `${section} { nick = "${nick}"; user = "${nick}"; host = "${servicesName}"; real = "${nick}"; aliases { }; access { }; };`;

const configuration = ({ name, password, port }: ServicesLink): string => `${modules
  .map((one) => `loadmodule "modules/${one}";`)
  .join('\n')}
serverinfo {
  name = "${name}"; desc = "services of a test"; numeric = "00A"; recontime = 1; netname = "TestNet"; hidehostsuffix = "users.test";
  adminname = "a"; adminemail = "a@irc.test"; registeremail = "noreply@irc.test"; mta = "/bin/true"; loglevel = { error; info; network; };
  maxlogins = 100; maxusers = 0; mdlimit = 30; emaillimit = 10000; emailtime = 1; auth = none; casemapping = rfc1459;
};
uplink "irc.test" { host = "127.0.0.1"; send_password = "${password}"; receive_password = "${password}"; port = ${port}; };
nickserv { spam; nick = "NickServ"; user = "NickServ"; host = "${servicesName}"; real = "NickServ"; aliases { }; access { }; maxnicks = 5; expire = 0; };
chanserv {
  nick = "ChanServ"; user = "ChanServ"; host = "${servicesName}"; real = "ChanServ"; aliases { }; access { }; maxchans = 500; fantasy;
  templates { vop = "+AV"; hop = "+AHehitrv"; aop = "+AOehiortv"; sop = "+AOaefhiorstv"; founder = "+AFORaefhiorstv"; };
  trigger = "!"; expire = 0; maxchanacs = 0; maxfounders = 4; antiflood_enforce_method = quiet;
};
${agent('memoserv', 'MemoServ')}
${agent('operserv', 'OperServ')}
${agent('saslserv', 'SaslServ')}
pbkdf2v2 { rounds = 10000; };
database { }; general { helpchan = "#help"; helpurl = "http://irc.test"; verbose_wallops; join_chans; leave_chans; uflags = { hidemail; };
  cflags = { guard; verbose; }; flood_msgs = 0; flood_time = 1; ratelimit_uses = 0; ratelimit_period = 60; kline_time = 1; kline_with_ident;
  clone_time = 0; commit_interval = 1; default_clone_allowed = 1000; default_clone_warn = 1000; operstring = "is an IRC Operator"; servicestring = "is a Network Service"; };
`;
