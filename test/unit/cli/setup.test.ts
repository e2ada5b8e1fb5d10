/** `isthmus setup`: the examples under deploy/ are what it prints, and real servers take it. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ejabberdSetup } from '../../../src/cli/setup-ejabberd.ts';
import { hostsOf, prosodySetup } from '../../../src/cli/setup-prosody.ts';
import { listening } from '../../../src/demo/ports.ts';
import { bookmarksNs } from '../../../src/gateway/bookmarks.ts';
import { uploadNs } from '../../../src/gateway/upload-service.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import type { Config } from '../../../src/ops/config/config.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { generous } from '../../harness/bare-config.ts';
import { launchEjabberd } from '../../harness/ejabberd.ts';
import { keepServer } from '../../harness/kept-server.ts';
import { freePort } from '../../harness/ports.ts';
import { until } from '../../harness/process.ts';
import { tempDir } from '../../harness/temp.ts';

const deploy = join(import.meta.dirname, '../../../deploy');

function config(over: Partial<Config['xmpp']> = {}, secrets: readonly string[] = ['change-me']): Config {
  const names = ['irc', 'discord'];
  return {
    file: 'isthmus.yaml',
    xmpp: { host: '127.0.0.1', port: 5347, tls: false, ...over },
    admins: [],
    storage: { data: '/d', sql: { is: 'sqlite' }, redis: { is: 'private' }, archive: true, retention: {} },
    http: { host: '127.0.0.1', port: 9090 },
    bridges: secrets.map((secret, index) => ({
      use: 'irc',
      domain: `${names[index]}.example.org`,
      secret: new Secret(secret),
      allow: [],
      limits: generous,
      options: {},
    })),
  };
}

test.each([
  ['prosody/isthmus.cfg.lua', prosodySetup],
  ['ejabberd/isthmus.yml', ejabberdSetup],
])('deploy/%s is what setup prints; UPDATE=1 rewrites it', async (name, print) => {
  const path = join(deploy, name);
  if (process.env.UPDATE === '1') await writeFile(path, print(config()));
  expect(await readFile(path, 'utf8')).toBe(print(config()));
});

test('no server is told to let the gateway ask more in its users’ names than it ever does', () => {
  const prosody = [...prosodySetup(config()).matchAll(/\["(\S+)"\] = "(\w+)"/g)].map(([, ns, type]) => [ns, type]);
  expect(prosody).toEqual([
    [bookmarksNs, 'both'],
    [uploadNs, 'get'],
  ]);
  expect(ejabberdSetup(config()).match(/http:\S+(?=:$)/gm)).toEqual([bookmarksNs]);
  // Of whom it is a contact it is told anyway; of everybody else it has nothing to know (356-30).
  for (const text of [prosodySetup(config()), ejabberdSetup(config())]) expect(text).not.toContain('managed_entity');
});

describe('for Prosody', () => {
  test('a component a domain, the privileges on the host above', () => {
    const text = prosodySetup(config({}, ['one', 'two']));
    expect(text.match(/^Component .*$/gm)).toEqual(['Component "irc.example.org"', 'Component "discord.example.org"']);
    expect(text.match(/^VirtualHost .*$/gm)).toEqual(['VirtualHost "example.org"']);
    expect(text.match(/\["(?:irc|discord)\.example\.org"\] = \{/g)).toHaveLength(2);
    expect(text).not.toMatch(/component_(?:ports|interfaces)/);
  });

  test('another port and another machine are said', () => {
    const text = prosodySetup(config({ host: '10.0.0.7', port: 5999, tls: {} }));
    expect(text).toContain('component_ports = { 5999 }');
    expect(text).toContain('component_interfaces = { "10.0.0.7" }');
    expect(text).toContain('Prosody has no TLS for components');
  });

  test('a machine that has a name for the gateway listens on all its addresses, whatever it calls itself', () => {
    const text = prosodySetup(config({ host: 'xmpp.example.net' }));
    expect(text).toContain('component_interfaces = { "*", "::" }');
    expect(text).toMatch(/^-- .*the gateway reaches as xmpp\.example\.net/m);
  });

  test('hosts are those above the domains', () => {
    const open = (domain: string, ...allow: string[]) => ({ domain, allow });
    expect([...hostsOf([open('irc.a.b'), open('x.a.b', '*', 'a.b', 'd'), open('irc.c', 'd'), open('irc')])]).toEqual([
      ['a.b', ['irc.a.b', 'x.a.b']],
      ['c', ['irc.c']],
    ]);
  });

  test('of a domain further below, the host is the one whose users may use it', () => {
    expect([...hostsOf([{ domain: 'irc.gateways.a.b', allow: ['d', 'romeo@a.b'] }])]).toEqual([
      ['a.b', ['irc.gateways.a.b']],
    ]);
  });

  test('beside a domain, the host is the one whose users may use it: no new one is made above them', () => {
    expect([...hostsOf([{ domain: 'irc.a.b', allow: ['d', 'romeo@chat.a.b'] }])]).toEqual([['chat.a.b', ['irc.a.b']]]);
    expect([...hostsOf([{ domain: 'irc.a.b', allow: ['chat.a.b', 'a.b'] }])]).toEqual([['a.b', ['irc.a.b']]]);
    expect([...hostsOf([{ domain: 'irc.b', allow: ['other.b'] }])]).toEqual([['b', ['irc.b']]]);
  });

  /** Prosody itself, on free ports, with what setup printed as its conf.d. */
  test.each(['127.0.0.1', 'name.invalid'])(
    '114-10 Prosody at %s takes it: a component with that very secret is let in',
    async (host) => {
      const dir = await mkdtemp(join(tmpdir(), 'isthmus-setup-'));
      const [port, c2s] = [await freePort(), await freePort()];
      const secret = `qu"o\\te 'ü\u2603 ${'-'.repeat(3)}]]`;
      await mkdir(join(dir, 'certs'));
      await writeFile(join(dir, 'isthmus.cfg.lua'), prosodySetup(config({ host, port }, [secret, 'other'])));
      await writeFile(
        join(dir, 'prosody.cfg.lua'),
        `run_as_root = true; daemonize = false; data_path = "${dir}"; pidfile = "${dir}/prosody.pid"; certificates = "${dir}/certs"
interfaces = { "127.0.0.1" }; local_interfaces = { "127.0.0.1" }; component_interfaces = { "127.0.0.1" }
c2s_ports = { ${c2s} }; c2s_direct_tls_ports = {}; s2s_ports = {}; http_ports = {}; https_ports = {}
modules_enabled = { "roster", "saslauth", "disco", "ping" }; modules_disabled = { "s2s", "tls" }; log = { info = "*console" }
VirtualHost "other.example"
Include "${dir}/isthmus.cfg.lua"
`,
      );
      const prosody = spawn('prosody', ['--config', join(dir, 'prosody.cfg.lua'), '-F'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      prosody.stdout.setEncoding('utf8').on('data', (text) => {
        said += text;
      });
      try {
        await listening([port], 'Prosody', systemClock, AbortSignal.timeout(20_000));
        expect(await handshake(port, 'irc.example.org', secret)).toContain('<handshake/>');
        expect(await handshake(port, 'irc.example.org', 'wrong')).toContain('not-authorized');
        expect(await handshake(port, 'none.example.org', secret)).toContain('host-unknown');
        expect(said).not.toMatch(/\s(?:error|warn)\t/);
      } finally {
        prosody.kill('SIGKILL');
        await once(prosody, 'exit');
        await rm(dir, { recursive: true });
      }
    },
  );
});

describe('for ejabberd', () => {
  test('is YAML that says the same', () => {
    const secrets = ['qu"o\\te\u2603 #: {', '0x10'];
    expect(parse(ejabberdSetup(config({ port: 5999 }, secrets)))).toMatchObject({
      listen: [
        {
          port: 5999,
          ip: '127.0.0.1',
          module: 'ejabberd_service',
          hosts: { 'irc.example.org': { password: secrets[0] }, 'discord.example.org': { password: secrets[1] } },
        },
      ],
      acl: { isthmus: { server: ['irc.example.org', 'discord.example.org'] } },
      modules: { mod_privilege: { roster: { both: 'isthmus_access' } }, mod_pres_counter: { count: 500 } },
    });
  });

  test('TLS is switched on where the gateway speaks it, and another machine is let in', () => {
    const other = parse(ejabberdSetup(config({ host: '10.0.0.7', tls: {} })));
    expect(other.listen[0]).toMatchObject({ tls: true, ip: '::' });
    expect(parse(ejabberdSetup(config())).listen[0]).not.toHaveProperty('tls');
  });

  /** ejabberd itself, with what setup printed behind the little that any configuration has. */
  test('114-10 ejabberd takes it: components with those very secrets are let in, each gets what is its own', async () => {
    await using stack = new AsyncDisposableStack();
    const dir = tempDir('setup');
    const port = await freePort();
    const secrets = [`qu"o\\te 'ü\u2603 #: {`, '0x10'] as const;
    const file = join(dir.path, 'ejabberd.yml');
    const own = 'hosts: ["example.org"]\nloglevel: info\nauth_method: internal\n';
    await writeFile(file, own + ejabberdSetup(config({ port }, secrets)));
    const server = stack.use(await keepServer(dir, () => launchEjabberd(dir.path, file, [port])));

    expect(await handshake(port, 'irc.example.org', 'wrong')).toContain('not-authorized');
    expect(await handshake(port, 'none.example.org', secrets[0])).toContain('not-authorized');
    const irc = await connectComponent(port, 'irc.example.org', secrets[0]);
    const discord = await connectComponent(port, 'discord.example.org', secrets[1]);
    for (const component of [irc, discord]) {
      stack.defer(component.end);
      expect(component.heard()).toContain('<handshake/>');
    }

    const count = 40;
    const message = (from: string, to: string, n: number) =>
      `<message from='a@${from}.example.org' to='b@${to}.example.org'><body>to ${to} ${n};</body></message>`;
    for (let n = 1; n <= count; n++) {
      irc.send(message('irc', 'discord', n));
      discord.send(message('discord', 'irc', n));
    }
    const numbers = (component: Component, to: string) =>
      [...component.heard().matchAll(new RegExp(`to ${to} (\\d+);`, 'g'))].map(([, n]) => Number(n));
    await until('all came', () => numbers(irc, 'irc').length === count && numbers(discord, 'discord').length === count);
    expect([numbers(irc, 'discord'), numbers(discord, 'irc')]).toEqual([[], []]);
    expect(server.running.output()).not.toMatch(/\[(?:error|critical)\]/);
  }, 120_000);
});

test('the shell scripts under deploy/ are POSIX sh', () => {
  for (const name of ['setup.sh', 'start.sh', 'test.sh']) {
    expect(spawnSync('sh', ['-n', join(deploy, name)], { encoding: 'utf8' }).stderr).toBe('');
  }
});

/** XEP-0114 §3 by hand; resolves with what the server said to that. */
async function handshake(port: number, domain: string, secret: string): Promise<string> {
  const component = await connectComponent(port, domain, secret);
  component.end();
  return component.heard();
}

interface Component {
  heard(): string;
  send(stanza: string): void;
  end(): void;
}

/** Resolves once the server has let it in or refused it. */
function connectComponent(port: number, domain: string, secret: string): Promise<Component> {
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
  return new Promise((resolve, reject) => {
    let heard = '';
    let answered = false;
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(
        `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`,
      );
    });
    const component = { heard: () => heard, send: (stanza: string) => socket.write(stanza), end: () => socket.end() };
    socket.setEncoding('utf8').on('data', (text) => {
      heard += text;
      const id = /<stream:stream[^>]*\bid=['"]([^'"]+)/.exec(heard)?.[1];
      if (heard.includes('stream:error') || heard.includes('<handshake/>')) resolve(component);
      else if (id !== undefined && !answered) {
        answered = true;
        socket.write(`<handshake>${sha1(id + secret)}</handshake>`);
      }
    });
    socket.on('close', () => resolve(component)).on('error', reject);
  });
}
