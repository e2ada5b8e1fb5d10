/** `isthmus demo`: an XMPP server, an IRC server, Redis, the gateway and a page with a Jabber client, all on loopback, all gone with Ctrl-C. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '../bridge/contract.ts';
import { portOption, readArguments } from '../cli/arguments.ts';
import { loadConfig } from '../cli/configuration.ts';
import { helpFor } from '../cli/help.ts';
import type { CliWorld, ExitCode, RunGateway, Running } from '../cli/world.ts';
import { systemClock } from '../ops/clock.ts';
import { printFault } from '../ops/config/config.ts';
import { describeFailure, Remedy } from '../ops/fatal.ts';
import { createLog } from '../ops/log.ts';
import { failureOf } from '../process/failure.ts';
import { type Children, createChildren } from './children.ts';
import { gatewayFile } from './gateway-file.ts';
import { prepareIrcServer } from './irc-server.ts';
import { gatewayData, type Layout } from './layout.ts';
import { clearLeftovers, listIn } from './leftovers.ts';
import { pageMounts } from './page.ts';
import { preparePoezio } from './poezio.ts';
import { claimPorts, freePort, listening, loopback } from './ports.ts';
import { findPrograms, type Programs } from './programs.ts';
import { prepareProsody } from './prosody.ts';
import { cameUp, instructions, ready } from './tell.ts';

const optionNames = { 'xmpp-port': 'N', 'irc-port': 'N', 'http-port': 'N', data: 'DIR' };

export async function demo(
  argv: readonly string[],
  world: CliWorld,
  loadGateway: () => Promise<RunGateway>,
): Promise<ExitCode> {
  const { values, help } = readArguments('demo', argv, optionNames);
  if (help) {
    world.out(helpFor('demo'));
    return 0;
  }
  const port = (name: string, otherwise: number) => portOption(name, values[name]) ?? otherwise;
  const stop = stopAsked(world);
  try {
    const programs = findPrograms(world.env.PATH ?? '');
    const dir = resolve(values.data ?? './data/demo');
    // Before the ports are looked at: it may be an earlier demo of ours that has them.
    await clearLeftovers(listIn(dir), systemClock);
    const layout = await layOut(dir, port('xmpp-port', 5222), port('irc-port', 6667), port('http-port', 8080));
    return await play(layout, programs, world, loadGateway, stop);
  } finally {
    stop.forget();
  }
}

async function layOut(dir: string, xmpp: number, irc: number, http: number): Promise<Layout> {
  const [xmppPort = 0, ircPort = 0, httpPort = 0] = await claimPorts([
    { flag: 'xmpp-port', port: xmpp, what: 'Jabber clients' },
    { flag: 'irc-port', port: irc, what: 'the IRC server' },
    { flag: 'http-port', port: http, what: 'the web page' },
  ]);
  const claimed = [xmppPort, ircPort, httpPort];
  const web = await freePort(5280, claimed);
  const component = await freePort(5347, [...claimed, web]);
  mkdirSync(dir, { recursive: true });
  return {
    dir,
    ports: { xmpp: xmppPort, irc: ircPort, http: httpPort, web, component },
    secret: keptSecret(join(dir, 'component-secret')),
  };
}

/** Runs until somebody stops it or a part fails; leaves nothing running. */
async function play(
  layout: Layout,
  programs: Programs,
  world: CliWorld,
  loadGateway: () => Promise<RunGateway>,
  stop: StopAsked,
): Promise<ExitCode> {
  const clock = systemClock;
  const children = createChildren({
    dir: layout.dir,
    redisPidFile: join(gatewayData(layout.dir), 'redis', 'redis.pid'),
    clock,
  });
  const log = createLog({ level: 'info', file: join(layout.dir, 'logs', 'isthmus.log') });
  const signal = AbortSignal.any([children.signal, stop.signal]);
  let gateway: Running | undefined;
  let code: ExitCode = 0;
  try {
    world.out('Starting the Isthmus demo:\n');
    await startServers(layout, programs, children, clock, signal, world);
    const runGateway = await loadGateway();
    const config = await readGatewayFile(layout, world);
    const giveUp = new AbortController();
    const abandon = () => giveUp.abort(signal.reason);
    signal.addEventListener('abort', abandon);
    gateway = await runGateway(config, {
      role: 'all',
      log,
      levels: log.levels,
      clock,
      signal: giveUp.signal,
      mounts: pageMounts(layout),
    });
    // From here on it is stopped in order, with a farewell.
    signal.removeEventListener('abort', abandon);
    await Promise.race([untilReady(layout, clock, signal), gateway.ended]);
    world.out(cameUp('Isthmus', 'irc.localhost, a component of that XMPP server; Redis is its own child'));
    world.out(cameUp('Web page', `http://${loopback}:${layout.ports.http}/`));
    world.out(instructions(layout));
    world.out(ready(layout));
    await Promise.race([stop.asked, children.failed, gateway.ended]);
  } catch (error) {
    if (!stop.signal.aborted) {
      world.err(describeFailure(children.signal.aborted ? children.signal.reason : failureOf(error)));
      code = 1;
    }
  }
  if (code === 0) world.out('\nStopping…');
  await gateway?.stop('farewell').catch((error: unknown) => world.err(describeFailure(error)));
  await children.stop();
  await log.close();
  return code;
}

async function startServers(
  layout: Layout,
  { prosody, irc }: Programs,
  children: Children,
  clock: Clock,
  signal: AbortSignal,
  world: CliWorld,
): Promise<void> {
  const { ports } = layout;
  const root = process.getuid?.() === 0;
  children.start(irc.is, irc.path, prepareIrcServer(layout, irc.is, root));
  children.start('prosody', prosody, prepareProsody(layout));
  preparePoezio(layout);
  await listening([ports.irc], 'The IRC server', clock, signal);
  world.out(cameUp('IRC server', `${loopback}:${ports.irc} (${irc.is}), channel #lobby`));
  await listening([ports.xmpp, ports.component, ports.web], 'Prosody', clock, signal);
  world.out(
    cameUp(
      'XMPP server',
      `${loopback}:${ports.xmpp} (Prosody), accounts demo and friend; websocket on port ${ports.web}`,
    ),
  );
}

async function readGatewayFile(layout: Layout, world: CliWorld) {
  const file = join(layout.dir, 'isthmus.yaml');
  writeFileSync(file, gatewayFile(layout), { mode: 0o600 });
  const loaded = await loadConfig(file, world.env);
  if ('faults' in loaded) throw new Error(loaded.faults.map(printFault).join('\n'));
  return loaded.config;
}

/** How long the gateway may take to come up. */
const readyMs = 30_000;
const pollMs = 50;

async function untilReady({ ports }: Layout, clock: Clock, signal: AbortSignal): Promise<void> {
  const until = clock.now() + readyMs;
  let said = '';
  while (clock.now() < until) {
    const answer = await fetch(`http://${loopback}:${ports.http}/readyz`, { signal }).catch(() => undefined);
    signal.throwIfAborted();
    if (answer?.status === 200) return;
    said = (await answer?.text())?.trim() ?? 'no answer';
    await clock.sleep(pollMs, signal);
  }
  throw new Remedy(
    `The gateway is not ready after ${readyMs / 1_000} s: ${said}`,
    "Look into logs/isthmus.log in the demo's data folder",
  );
}

interface StopAsked {
  readonly asked: Promise<void>;
  readonly signal: AbortSignal;
  forget(): void;
}

/** Any signal that ends a program in a terminal; repeating it changes nothing, the children have seconds to end and are killed then. */
function stopAsked(world: CliWorld): StopAsked {
  const abort = new AbortController();
  const asked = Promise.withResolvers<void>();
  const stop = () => {
    abort.abort(new Error('stopped'));
    asked.resolve();
  };
  const off = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((name) => world.onSignal(name, stop));
  return {
    asked: asked.promise,
    signal: abort.signal,
    forget: () => {
      for (const forget of off) forget();
    },
  };
}

/** Made once, so that a Prosody and a gateway of two starts still know each other; again where a full disk took nothing of it. */
function keptSecret(file: string): string {
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (kept !== '') return kept;
  const secret = randomBytes(24).toString('base64url');
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
