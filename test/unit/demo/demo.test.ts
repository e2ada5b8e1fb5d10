/** The demo as a person starts and stops it, with real servers and a gateway that only serves HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/ops/clock.ts';

let dir = '';
const started: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-demo-'));
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
  }
  await rm(dir, { recursive: true, force: true });
});

interface Demo {
  readonly process: ChildProcess;
  /** All it printed, on both streams. */
  said(): string;
  readonly ended: Promise<number | null>;
  /** Resolves with the page's address; rejects where it ends before. */
  readonly ready: Promise<string>;
}

function start(...argv: string[]): Demo {
  const script = join(import.meta.dirname, 'stub-demo.ts');
  const child = spawn(process.execPath, [script, '--data', dir, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  started.push(child);
  let said = '';
  const ready = Promise.withResolvers<string>();
  ready.promise.catch(() => undefined);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
      const [, address] = /^Isthmus demo is ready: (http:\/\/127\.0\.0\.1:\d+\/)$/m.exec(said) ?? [];
      if (address !== undefined) ready.resolve(address);
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ready.reject(new Error(said));
      resolve(code);
    });
  });
  return { process: child, said: () => said, ended, ready: ready.promise };
}
const anyPorts = ['--xmpp-port', '0', '--irc-port', '0', '--http-port', '0'];

interface Processes {
  readonly children: readonly { readonly pid: number }[];
}
const children = async (): Promise<readonly number[]> => {
  const { children }: Processes = JSON.parse(await readFile(join(dir, 'processes.json'), 'utf8'));
  return children.map(({ pid }) => pid);
};
const lives = async (pid: number): Promise<boolean> =>
  !/^State:\s+Z|^$/m.test((await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')).trim());

async function untilGone(pids: readonly number[]): Promise<void> {
  const until = systemClock.now() + 15_000;
  for (const pid of pids) {
    while (await lives(pid)) {
      if (systemClock.now() > until) throw new Error(`process ${pid} still lives`);
      await systemClock.sleep(50);
    }
  }
}

test('it comes up, says where everything is, and Ctrl-C leaves nothing', async () => {
  const demo = start(...anyPorts);
  const address = await demo.ready;
  expect(demo.said().trimEnd().split('\n').at(-1)).toBe(`Isthmus demo is ready: ${address}`);
  expect(demo.said()).toMatch(/IRC server +127\.0\.0\.1:\d+ .*#lobby/);
  expect(demo.said()).toMatch(/XMPP server +127\.0\.0\.1:\d+ /);
  expect(demo.said()).toContain('#isthmus%irc.libera.chat@irc.localhost');
  expect((await fetch(`${address}readyz`)).status).toBe(200);
  // Who is demo@localhost may change it by a command.
  expect(demo.said()).toContain('stub gateway: log level info');

  const page = await fetch(address);
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(html).not.toMatch(/(?:src|href)="(?!\/|data:)/);
  const script = await (await fetch(`${address}demo.js`)).text();
  expect(script).toContain("jid: '#lobby%localhost@irc.localhost'");
  for (const path of ['converse.min.js', 'converse.min.css', 'emoji.json'])
    expect((await fetch(`${address}converse/${path}`)).status).toBe(200);
  const [, socket = ''] = /websocket_url: 'ws:([^']+)'/.exec(script) ?? [];
  expect((await fetch(`http:${socket}`)).status).toBeLessThan(500);

  const pids = await children();
  expect(pids).toHaveLength(2);
  demo.process.kill('SIGINT');
  expect(await demo.ended).toBe(0);
  expect(demo.said()).toContain('stub gateway: farewell');
  expect(await Promise.all(pids.map(lives))).toEqual([false, false]);
  await expect(children()).rejects.toThrow();
});

test('killed itself, it leaves nothing either; the next start works', async () => {
  const demo = start(...anyPorts);
  await demo.ready;
  const pids = await children();
  demo.process.kill('SIGKILL');
  await demo.ended;
  await untilGone(pids);
  await start(...anyPorts).ready;
});

test('what a demo left whose watchdog died too is ended by the next start, and its ports are free', async () => {
  const demo = start(...anyPorts);
  await demo.ready;
  const left = await children();
  const [, port = ''] = /IRC server +127\.0\.0\.1:(\d+)/.exec(demo.said()) ?? [];
  const both = (await readFile(`/proc/${demo.process.pid}/task/${demo.process.pid}/children`, 'utf8')).split(' ');
  const [watchdog] = both.map(Number).filter((pid) => pid > 0 && !left.includes(pid));
  if (watchdog === undefined) throw new Error('there is no watchdog');
  process.kill(watchdog, 'SIGKILL');
  demo.process.kill('SIGKILL');
  await demo.ended;
  expect(await Promise.all(left.map(lives))).toEqual([true, true]);
  await start('--xmpp-port', '0', '--irc-port', port, '--http-port', '0').ready;
  expect(await Promise.all(left.map(lives))).toEqual([false, false]);
});

test('a server that dies ends the demo with its last words', async () => {
  const demo = start(...anyPorts);
  await demo.ready;
  const [irc = 0, prosody = 0] = await children();
  process.kill(irc, 'SIGKILL');
  expect(await demo.ended).toBe(1);
  expect(demo.said()).toMatch(/ngircd ended \(SIGKILL\)\.\nIts last words, from .*ngircd\.log: /);
  expect(await lives(prosody)).toBe(false);
});

test('a folder that can not be used is told in a sentence, and a secret that a full disk took nothing of is made again', async () => {
  await writeFile(join(dir, 'component-secret'), '');
  await mkdir(join(dir, 'isthmus.yaml'));
  const demo = start(...anyPorts);
  expect(await demo.ended).toBe(1);
  expect(demo.said()).toMatch(/isthmus\.yaml can't be used \(EISDIR\)\.\nMove it away/);
  await rm(join(dir, 'isthmus.yaml'), { recursive: true });
  await start(...anyPorts).ready;
});

test('a second demo on the same data keeps away', async () => {
  const demo = start(...anyPorts);
  await demo.ready;
  const [, port = '0'] = /IRC server +127\.0\.0\.1:(\d+)/.exec(demo.said()) ?? [];
  const second = start('--xmpp-port', '0', '--irc-port', port, '--http-port', '0');
  expect(await second.ended).toBe(1);
  expect(second.said()).toMatch(/A demo runs already on this data \(process \d+\)\.\n.*--data DIR/);
  expect(demo.process.exitCode).toBeNull();
});

describe('a taken port', () => {
  let holder: Server;
  let port = 0;
  beforeEach(async () => {
    holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const address = holder.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });
  afterEach(() => holder.close());

  test.each([
    ['xmpp-port', 'Jabber clients'],
    ['irc-port', 'the IRC server'],
    ['http-port', 'the web page'],
  ])('--%s is named, with the flag that moves it', async (flag, what) => {
    const demo = start(...anyPorts, `--${flag}`, String(port));
    expect(await demo.ended).toBe(1);
    expect(demo.said()).toBe(
      `Port ${port} (${what}) is taken by another program.\nStop that program, or move ours: npm start -- --${flag} ${port + 1_000 > 65_535 ? 0 : port + 1_000}.\n`,
    );
  });
});

test('one port for two things is refused', async () => {
  const demo = start('--xmpp-port', '0', '--irc-port', '34567', '--http-port', '34567');
  expect(await demo.ended).toBe(1);
  expect(demo.said()).toMatch(/port 34567 .* was given to two things/i);
});
