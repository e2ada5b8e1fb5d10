/** The gateway as a service: what systemd is told of it, and that it stops in time whatever does not answer. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { childrenOf } from '../bench/meter.ts';
import { mainFile, root } from '../harness/build.ts';
import { freePort } from '../harness/ports.ts';
import { start, until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { tempDir } from '../harness/temp.ts';

const world = useWorld({ ircd: 'ngircd' });

/** Its private Redis stands still, as on a disk that hangs. The returned function does what systemd does with it when the main process is gone (KillMode=mixed). */
function freezeRedis(pid: number): () => Promise<void> {
  const [redis] = childrenOf(pid);
  if (redis === undefined) throw new Error('the gateway has no child');
  process.kill(redis, 'SIGSTOP');
  return async () => {
    process.kill(redis, 'SIGKILL');
    await until('it is gone', () => !existsSync(`/proc/${redis}/stat`) || isZombie(redis));
  };
}

const isZombie = (pid: number): boolean => / [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

test.skipIf(!existsSync('/usr/bin/systemd-notify'))(
  'systemd is told when it is ready, that it is alive, and when it stops',
  async () => {
    const { gateway } = world();
    await gateway.stop();
    const dir = tempDir('notify');
    const socket = join(dir.path, 'notify.sock');
    const receiver = await start('python3', [join(root, 'test/harness/notify_receiver.py'), socket], {
      name: 'receiver',
      ready: (one) => one.stdout().includes('listening'),
    });
    const service = await start(
      process.execPath,
      [mainFile, 'run', '--config', gateway.config, '--http', `127.0.0.1:${await freePort()}`],
      { name: 'gateway', cwd: root, env: { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000' } },
    );
    const lines = (): readonly string[] => receiver.stdout().split('\n').slice(1).filter(Boolean);
    await until('it is alive', () => lines().filter((line) => line === 'WATCHDOG=1').length >= 2, 20_000);
    expect((await service.stop()).code).toBe(0);
    const told = lines().filter((line) => /^(READY|STOPPING|WATCHDOG|EXTEND)/.test(line));
    expect(told[0]).toBe('EXTEND_TIMEOUT_USEC=40000000');
    expect(told.at(-1)).toBe('STOPPING=1');
    expect(told.indexOf('READY=1')).toBeLessThan(told.indexOf('WATCHDOG=1'));
    await receiver.kill();
    dir.remove();
    await gateway.start();
  },
);

test('SIGTERM: in ten seconds it is gone, though Redis does not answer; a second one does not wait', async () => {
  await using stage = new Stage(world());
  const { romeo, juliet } = await stage.pair();
  const { gateway } = world();
  const member = gateway.member('all');
  const patient = member.running;
  const clear = freezeRedis(patient.pid);
  const first = await patient.stop('SIGTERM', 10_000);
  expect(first).toEqual({ code: 1, signal: null });
  expect(patient.output()).toContain('did not stop in time');
  await clear();
  await gateway.start();
  const hasty = member.running;
  const clearAgain = freezeRedis(hasty.pid);
  const gone = hasty.stop();
  // Two of the same that nobody has looked at yet would be one.
  await until('it stops', () => hasty.output().includes('the gateway stops'));
  process.kill(hasty.pid, 'SIGTERM');
  expect(await gone).toEqual({ code: 1, signal: null });
  expect(hasty.output()).not.toContain('did not stop in time');
  await clearAgain();
  await gateway.start();
  // What is left by that is cleaned up, and everything goes on.
  romeo.says('and yet I wish');
  await juliet.hears(romeo, 'and yet I wish');
});
