/** `isthmus run`: what it hands to the gateway, and how it stops. */
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { run, stopRequests } from '../../../src/cli/run.ts';
import type { GatewayOptions, RunGateway, StopHow } from '../../../src/cli/world.ts';
import type { Config } from '../../../src/ops/config/config.ts';
import { Remedy } from '../../../src/ops/fatal.ts';
import { testWorld } from './world.ts';

let dir = '';
let file = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-run-'));
  file = join(dir, 'i.yaml');
  await writeFile(file, 'storage: { redis: redis://127.0.0.1:1 }\nbridges: [{ use: fake, domain: a.b, secret: x }]\n');
});
afterAll(() => rm(dir, { recursive: true }));

/** A gateway that notes what it is given and stops when it is told. */
function stub() {
  const started = Promise.withResolvers<{ config: Config; options: GatewayOptions }>();
  const ended = Promise.withResolvers<void>();
  const stop = vi.fn(async (_how: StopHow) => ended.resolve());
  const gateway: RunGateway = async (config, options) => {
    started.resolve({ config, options });
    return { http: { host: '127.0.0.1', port: 1 }, up: Promise.resolve(), ended: ended.promise, stop };
  };
  return { started: started.promise, ended, stop, load: async () => gateway };
}
const argv = (...more: string[]) => ['--config', file, '--log', 'silent', ...more];

test('the gateway gets the configuration, with --http over it, and the role', async () => {
  const world = testWorld([]);
  const gateway = stub();
  const running = run(argv('--role', 'worker', '--http', '127.0.0.9:0'), world, gateway.load);
  const { config, options } = await gateway.started;
  expect(config).toMatchObject({ file, http: { host: '127.0.0.9', port: 0 }, bridges: [{ domain: 'a.b' }] });
  expect(options.role).toBe('worker');
  world.signal('SIGTERM');
  await running;
});

test('a variable for the level that is there and empty says nothing', async () => {
  const world = testWorld([], { ISTHMUS_LOG: '' });
  const gateway = stub();
  const running = run(['--config', file], world, gateway.load);
  const { options } = await gateway.started;
  expect(options.levels?.now).toBe('info');
  options.levels?.set('silent');
  world.signal('SIGTERM');
  await running;
});

test('133-01 a file that can not be read again (an editor has it, or it is root’s now) is told as what it is', async () => {
  const world = testWorld([]);
  const gateway = stub();
  const moved = `${file}.moved`;
  await copyFile(file, moved);
  const running = run(['--config', moved, '--log', 'silent'], world, gateway.load);
  const { options } = await gateway.started;
  await rm(moved);
  await expect(options.readAgain?.()).rejects.toMatchObject({
    code: 'bad-request',
    message: expect.stringMatching(/i\.yaml\.moved can't be read \(there is no such file\)\.\nCheck the path/),
  });
  world.signal('SIGTERM');
  await running;
});

test('what is read again has --http over it too: it was no change', async () => {
  const world = testWorld([]);
  const gateway = stub();
  const running = run(argv('--http', '127.0.0.9:0'), world, gateway.load);
  const { config, options } = await gateway.started;
  const again = await options.readAgain?.();
  expect(again).toEqual(config);
  world.signal('SIGTERM');
  await running;
});

test('a promise that fails with nobody listening takes nothing else along', async () => {
  const world = testWorld([]);
  const gateway = stub();
  const running = run(argv(), world, gateway.load);
  await gateway.started;
  expect(world.listeners).toBe(4);
  world.stray(new Error('lost'));
  expect(gateway.stop).not.toHaveBeenCalled();
  world.signal('SIGTERM');
  expect(await running).toBe(0);
});

describe('stopping', () => {
  test.each([
    ['SIGTERM', 'keep'],
    ['SIGINT', 'farewell'],
  ] as const)('%s: %s, exit code 0, no listener left', async (signal, how) => {
    const world = testWorld([]);
    const gateway = stub();
    const running = run(argv(), world, gateway.load);
    await gateway.started;
    world.signal(signal);
    expect(await running).toBe(0);
    expect(gateway.stop.mock.calls).toEqual([[how]]);
    expect(world.listeners).toBe(0);
  });

  test('a second signal does not wait: exit code 1', async () => {
    const world = testWorld([]);
    const gateway = stub();
    const stopping = Promise.withResolvers<void>();
    gateway.stop.mockImplementation(() => {
      stopping.resolve();
      return new Promise(() => undefined);
    });
    const running = run(argv(), world, gateway.load);
    const { options } = await gateway.started;
    world.signal('SIGTERM');
    await stopping.promise;
    world.signal('SIGINT');
    expect(await running).toBe(1);
    expect(options.signal.aborted).toBe(true);
  });

  test('a signal while it starts makes it give up, or stops what came up all the same', async () => {
    for (const comesUp of [false, true]) {
      const world = testWorld([]);
      const gateway = stub();
      const start: RunGateway = async (config, options) => {
        world.signal('SIGINT');
        await new Promise((resolve) => options.signal.addEventListener('abort', resolve));
        if (!comesUp) throw options.signal.reason;
        return (await gateway.load())(config, options);
      };
      expect(await run(argv(), world, async () => start)).toBe(0);
      expect(gateway.stop.mock.calls).toEqual(comesUp ? [['farewell']] : []);
    }
  });
});

test('one that never gets to work: that is told by its end, and by nothing else', async () => {
  const world = testWorld([]);
  const gateway = stub();
  const never = new Remedy('It never came up', 'Mend it');
  const start: RunGateway = async (config, options) => {
    const running = await (await gateway.load())(config, options);
    gateway.ended.reject(never);
    return { ...running, up: Promise.reject(never) };
  };
  await expect(run(argv(), world, async () => start)).rejects.toThrow('It never came up');
});

test('a gateway that can not go on ends the command with its remedy', async () => {
  const world = testWorld([]);
  const gateway = stub();
  const running = run(argv(), world, gateway.load);
  await gateway.started;
  gateway.ended.reject(new Remedy('The server refused', 'Mend it'));
  await expect(running).rejects.toThrow('The server refused');
  expect(world.listeners).toBe(0);
});

test('a terminal that is closed, which may be told twice, is a stop in order', async () => {
  const world = testWorld([]);
  const stop = stopRequests(world);
  const insisted = vi.fn();
  stop.insisted.then(insisted);
  world.signal('SIGHUP');
  world.signal('SIGHUP');
  await stop.asked;
  await Promise.resolve();
  expect([stop.how(), insisted.mock.calls.length]).toEqual(['keep', 0]);
  world.signal('SIGTERM');
  await stop.insisted;
  stop.forget();
});

test('stop requests: the first decides how, the second insists', async () => {
  const world = testWorld([]);
  const stop = stopRequests(world);
  expect(stop.how()).toBe('keep');
  world.signal('SIGINT');
  await stop.asked;
  world.signal('SIGTERM');
  await stop.insisted;
  expect(stop.how()).toBe('farewell');
  stop.forget();
  expect(world.listeners).toBe(0);
});
