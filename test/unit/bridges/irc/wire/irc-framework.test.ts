/** irc-framework, unmodified, on our transport: against a real server, and against one that sends what makes it throw. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Client } from 'irc-framework';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine } from '../../../../../bridges/irc/wire/line.ts';
import {
  createTransportClass,
  type Transport,
  type TransportOptions,
} from '../../../../../bridges/irc/wire/transport.ts';
import { freePort } from '../../../../harness/ports.ts';
import { knownCommands, likelyParams } from './known-commands.ts';

const clock = {
  now: () => Date.now(),
  after(ms: number, call: () => void) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** A client of irc-framework with our transport, and the transport. */
function createClient(port: number, nick: string, change: Partial<TransportOptions> = {}) {
  const transports: Transport[] = [];
  const faults: string[] = [];
  const client = new Client({
    nick,
    auto_reconnect: false,
    ping_interval: 0,
    ping_timeout: 0,
    transport: createTransportClass({
      host: '127.0.0.1',
      port,
      tls: undefined,
      connectTimeoutMs: 10_000,
      clock,
      rate: undefined,
      maxQueued: 10_000,
      tap: () => false,
      onFault: (_, line) => void faults.push(line),
      onTransport: (transport) => void transports.push(transport),
      ...change,
    }),
  });
  const event = <Of>(name: string) => new Promise<Of>((resolve) => void client.once(name, resolve));
  return { client, faults, event, transport: () => transports.at(-1) };
}

describe('with ngIRCd', () => {
  let port = 0;
  let ircd: ChildProcess;
  const folder = mkdtempSync(join(tmpdir(), 'ngircd-'));

  beforeAll(async () => {
    port = await freePort();
    const file = join(folder, 'ngircd.conf');
    writeFileSync(
      file,
      `[Global]\nName = ng.test\nInfo = test\nListen = 127.0.0.1\nPorts = ${port}\nMotdPhrase = hi\n[Limits]\nMaxConnectionsIP = 0\nMaxNickLength = 30\n[Options]\nDNS = no\nIdent = no\nPAM = no\n`,
    );
    ircd = spawn('ngircd', ['-n', '-f', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Debian keeps servers where only root's PATH looks.
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    await new Promise<void>((resolve, reject) => {
      let log = '';
      const read = (chunk: Buffer) => {
        log += chunk.toString();
        if (/listening on/i.test(log)) resolve();
      };
      ircd.stdout?.on('data', read);
      ircd.stderr?.on('data', read);
      ircd.once('error', reject);
      ircd.once('exit', () => reject(new Error(`ngIRCd ended: ${log}`)));
    });
  });
  afterAll(() => {
    ircd.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('it registers, joins and talks; what is tapped away never reaches it', async () => {
    const tapped: string[] = [];
    let registered = false;
    let hotCount = () => {};
    const hot = new Promise<void>((resolve) => {
      hotCount = () => tapped.length === 3 && resolve();
    });
    const reader = createClient(port, 'reader', {
      tap(line) {
        if (!registered || parseLine(line)?.command !== 'PRIVMSG') return false;
        tapped.push(line);
        hotCount();
        return true;
      },
    });
    const seenByIrcFramework: string[] = [];
    reader.client.on('message', ({ type }: { type: string }) => void seenByIrcFramework.push(type));
    const writer = createClient(port, 'writer');
    for (const { client } of [reader, writer]) client.connect();
    await Promise.all([reader.event('registered'), writer.event('registered')]);
    registered = true;

    reader.client.raw('JOIN', '#lobby');
    await reader.event('userlist');
    writer.client.raw('JOIN', '#lobby');
    await writer.event('userlist');
    for (const text of ['one', 'zwei é', '📷']) writer.client.say('#lobby', text);
    writer.client.raw('NOTICE', '#lobby', 'and a notice');
    await Promise.all([hot, reader.event('notice')]);
    expect(tapped.map((line) => parseLine(line)?.params)).toEqual([
      ['#lobby', 'one'],
      ['#lobby', 'zwei é'],
      ['#lobby', '📷'],
    ]);
    expect(seenByIrcFramework).toContain('notice');
    expect(seenByIrcFramework).not.toContain('privmsg');
    expect([...reader.faults, ...writer.faults]).toEqual([]);

    const gone = Promise.all([reader.event('close'), writer.event('close')]);
    reader.client.quit('bye');
    writer.client.quit('bye');
    await gone;
    expect(reader.transport()?.isConnected()).toBe(false);
  });

  test('no text becomes a line of its own', async () => {
    const { client, event } = createClient(port, 'injector');
    client.connect();
    await event('registered');
    for (const evil of ['x\r\nQUIT :pwned', 'x\nQUIT', 'x\0']) {
      expect(() => client.raw('PRIVMSG', '#a', evil)).toThrow(expect.objectContaining({ code: 'bad-request' }));
      expect(() => client.changeNick(evil)).toThrow(expect.objectContaining({ code: 'bad-request' }));
    }
    client.raw('PING', 'still-here');
    const pong = await event<{ message: string }>('pong');
    expect(pong.message).toBe('still-here');
    const gone = event('close');
    client.quit();
    await gone;
  });

  test('a server that is not there ends with a close, and connecting again works', async () => {
    const { client, event } = createClient(await freePort(), 'nobody');
    client.connect();
    await event('close');
    const { client: second, event: of, transport } = createClient(port, 'somebody');
    second.connect();
    await of('registered');
    const gone = of('close');
    second.quit();
    await gone;
    const before = transport();
    second.connect();
    await of('registered');
    expect(transport()).not.toBe(before);
    const goneAgain = of('close');
    second.quit();
    await goneAgain;
  });
});

describe('with a server that sends nonsense', () => {
  /** Connects a client to a socket of ours that says `lines`, then asks whether it lives. */
  async function survives(lines: readonly string[]): Promise<readonly string[]> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { client, faults, event } = createClient(address.port, 'me');
    const accepted = new Promise<Socket>((resolve) => void server.once('connection', resolve));
    client.connect();
    const peer = await accepted;
    const answered = new Promise<void>((resolve) => {
      let text = '';
      peer.on('data', (chunk) => {
        text = (text + chunk.toString()).slice(-10_000);
        if (text.includes('PONG alive')) resolve();
      });
    });
    peer.on('error', () => {});
    peer.write(lines.map((line) => `${line}\r\n`).join(''));
    peer.write('PING :alive\r\n');
    await answered;
    const closed = event('close');
    peer.destroy();
    await closed;
    server.close();
    return faults;
  }

  test('every command with too few parameters: what throws costs its own line', async () => {
    const lines = knownCommands.flatMap((command) =>
      Array.from({ length: 4 }, (_, count) => `:irc.example.org ${command}${' x'.repeat(count)}`),
    );
    const faults = await survives(lines);
    // irc-framework does throw on many of these; were it none, this test would show nothing.
    expect(faults.length).toBeGreaterThan(20);
  });
  test('10,000 lines at random', async () => {
    const param = fc
      .oneof(fc.constantFrom(...likelyParams), fc.string({ unit: 'binary', maxLength: 8 }))
      .map((text) => text.replace(/[\r\n\0]/g, ''));
    const line = fc
      .tuple(
        fc.constantFrom(...knownCommands, 'PRIVMSG', 'CAP', 'BATCH', '005', 'MODE', '353'),
        fc.array(param, { maxLength: 6 }),
      )
      .map(([command, params]) => `:a!b@c ${command} ${params.join(' ')}`);
    expect((await survives(fc.sample(line, 10_000))).length).toBeGreaterThan(100);
  });
});
