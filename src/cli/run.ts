/** `isthmus run`: the gateway in production. */
import type { Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import { systemClock } from '../ops/clock.ts';
import { type Config, printFault } from '../ops/config/config.ts';
import { describeFailure, Remedy } from '../ops/fatal.ts';
import { createLog, levels } from '../ops/log.ts';
import { privateRedisWithRole } from '../ops/remedies.ts';
import { createThrift, type Thrift } from '../ops/thrift.ts';
import { choiceOption, listenOption, readArguments } from './arguments.ts';
import { loadConfig } from './configuration.ts';
import { helpFor } from './help.ts';
import { createServiceNotice, type ServiceNotice } from './service-notice.ts';
import { type CliWorld, type ExitCode, type RunGateway, type Running, roles, type StopHow } from './world.ts';

const optionNames = { config: 'FILE', role: 'all|edge|worker', http: 'HOST:PORT', log: 'LEVEL' };

export async function run(
  argv: readonly string[],
  world: CliWorld,
  loadGateway: () => Promise<RunGateway>,
): Promise<ExitCode> {
  const { values, help } = readArguments('run', argv, optionNames);
  if (help) {
    world.out(helpFor('run'));
    return 0;
  }
  const role = choiceOption('role', values.role, roles) ?? 'all';
  const http = listenOption('http', values.http);
  // A variable that is there and empty says nothing, as in a compose file.
  const level = choiceOption('log', values.log ?? (world.env.ISTHMUS_LOG || undefined), levels) ?? 'info';
  const loaded = await loadConfig(values.config, world.env);
  if ('faults' in loaded) {
    world.err(loaded.faults.map(printFault).join('\n'));
    return 1;
  }
  const withOptions = (read: Config): Config => ({ ...read, http: { ...read.http, ...http } });
  const config = withOptions(loaded.config);
  if (role !== 'all' && config.storage.redis.is === 'private') throw privateRedisWithRole(role);

  async function readAgain(): Promise<Config> {
    const again = await loadConfig(values.config, world.env).catch((error: unknown) => {
      throw error instanceof Remedy ? new GatewayError('bad-request', { text: describeFailure(error) }) : error;
    });
    if (!('faults' in again)) return withOptions(again.config);
    throw new GatewayError('bad-request', { text: again.faults.map(printFault).join('\n') });
  }

  const stop = stopRequests(world);
  // Before the gateway is loaded, which leaves tens of megabytes behind.
  const thrift = createThrift({ clock: systemClock });
  const log = createLog({ level });
  // One account's bug must not take the others along; what is thrown outside of promises has left something half done, and ends the process.
  const forgetStrays = world.onStray((error) =>
    log.error({ error }, 'a promise failed and nobody listened: a bug; everything else goes on'),
  );
  const service = createServiceNotice({ env: world.env, clock: systemClock, log });
  try {
    const start = await loadGateway();
    return await untilStopped(
      (signal) => start(config, { role, log, levels: log.levels, clock: systemClock, signal, readAgain }),
      { stop, service, thrift, log },
    );
  } finally {
    await service.stopping();
    thrift.close();
    forgetStrays();
    stop.forget();
    await log.close();
  }
}

interface Stopping {
  readonly stop: StopRequests;
  readonly service: ServiceNotice;
  readonly thrift: Pick<Thrift, 'begin'>;
  readonly log: Pick<Log, 'info' | 'error'>;
}

/** A stop takes no longer, whatever does not answer: Redis, a server, a network. With the process' own end it is ten seconds at most. */
const stopWithinMs = 8_500;

/** Starts, waits for a request, stops. A request while it starts makes it give up; a second request waits for nothing. */
async function untilStopped(
  start: (signal: AbortSignal) => Promise<Running>,
  { stop, service, thrift, log }: Stopping,
): Promise<ExitCode> {
  const abort = new AbortController();
  const insisted = stop.insisted.then((): ExitCode => {
    abort.abort(new Error('stopped by a second signal'));
    return 1;
  });
  const starting = start(abort.signal);
  const running = await Promise.race([starting, stop.asked]);
  if (running === undefined) {
    abort.abort(new Error('stopped while starting'));
    const undo = starting.then(
      (late) => late.stop(stop.how()),
      () => undefined,
    );
    return inTime(undo, insisted, log);
  }
  running.up.then(
    () => {
      thrift.begin();
      return service.ready();
    },
    () => undefined,
  );
  await Promise.race([running.ended, stop.asked]);
  void service.stopping();
  log.info({ how: stop.how() }, 'the gateway stops');
  return inTime(running.stop(stop.how()), insisted, log);
}

async function inTime(stopped: Promise<void>, insisted: Promise<ExitCode>, log: Stopping['log']): Promise<ExitCode> {
  const enough = new AbortController();
  const late = systemClock.sleep(stopWithinMs, enough.signal).then((): ExitCode => {
    log.error({}, 'the gateway did not stop in time, and ends without waiting; what was accepted is kept');
    return 1;
  });
  late.catch(() => undefined);
  return Promise.race([stopped.then((): ExitCode => 0), insisted, late]).finally(() => enough.abort());
}

export interface StopRequests {
  /** Resolves at the first request. */
  readonly asked: Promise<void>;
  /** Resolves at the second: whoever asks twice does not want to wait. */
  readonly insisted: Promise<void>;
  how(): StopHow;
  /** Listens no longer. */
  forget(): void;
}

/** SIGTERM, SIGINT, and SIGHUP of a terminal that is closed: the first says how to stop. */
export function stopRequests(world: Pick<CliWorld, 'onSignal'>): StopRequests {
  const asked = Promise.withResolvers<void>();
  const insisted = Promise.withResolvers<void>();
  let how: StopHow | undefined;
  const ask = (wish: StopHow) => () => {
    if (how === undefined) {
      how = wish;
      asked.resolve();
      return;
    }
    insisted.resolve();
  };
  // Of a terminal that is closed the system tells, and the shell too: nobody insists.
  const hangUp = (): void => {
    if (how === undefined) ask('keep')();
  };
  const off = [
    world.onSignal('SIGTERM', ask('keep')),
    world.onSignal('SIGHUP', hangUp),
    world.onSignal('SIGINT', ask('farewell')),
  ];
  return {
    asked: asked.promise,
    insisted: insisted.promise,
    how: () => how ?? 'keep',
    forget: () => {
      for (const forget of off) forget();
    },
  };
}
