/** Processes of one gateway come and go in good order: edges that stand by, workers that hand over, upgrades one process after the other. */
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/ops/clock.ts';
import { connectRedis } from '../../src/storage/redis/connect.ts';
import { cli, type Member } from '../harness/gateway.ts';
import { until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { silentLog } from '../harness/silent-log.ts';
import { Stage } from '../harness/stage.ts';
import { readinessAt, startStandbyEdge } from '../harness/standby-edge.ts';
import { Talk } from '../harness/talk.ts';

const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'] });

const workers = (): readonly Member[] => world().gateway.members.filter(({ role }) => role === 'worker');

describe('an edge and two workers', () => {
  test('a second edge stands by, and has the streams when the first is killed; the first then stands by', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const second = await startStandbyEdge(world().gateway.config);
    expect(await second.readiness()).toMatch(/^503 /);
    const first = world().gateway.member('edge');
    await first.kill();
    await until('the second is ready', async () => (await second.readiness()).startsWith('200'), 15_000);
    juliet.says('who holds the stream?');
    await romeo.hearsAtLast(juliet, 'who holds the stream?');
    romeo.says('the other one');
    await juliet.hears(romeo, 'the other one');
    expect(juliet.client.seen(new RegExp(`^:${romeo.nick}!\\S+ (QUIT|PART)`))).toEqual([]);
    const back = first.start();
    await until('the first stands by', async () => (await readinessAt(first.http)).includes('standing by'), 15_000);
    await second.running.stop();
    await back;
    juliet.says('and now?');
    await romeo.hearsAtLast(juliet, 'and now?');
  });

  test('a process with --role all is refused beside them, and takes nothing', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const { code, said } = await cli(['run', '--config', world().gateway.config, '--http', '127.0.0.1:0']);
    expect({ code, said }).toEqual({
      code: 1,
      said: expect.stringMatching(/A process with --role (edge|worker) runs/),
    });
    juliet.says('art thou there?');
    await romeo.hears(juliet, 'art thou there?');
  });

  test('a worker that ends in good order: the other has its accounts within ten seconds, and nobody rejoins', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const quit = new RegExp(`^:${romeo.nick}!\\S+ QUIT`);
    let ended: Member | undefined;
    for (const worker of workers()) {
      await worker.stop();
      await juliet.client.roundtrip();
      ended = worker;
      if (juliet.client.seen(quit).length > 0) break;
      await worker.start();
    }
    await juliet.client.expect(new RegExp(`^:${romeo.nick}!\\S+ JOIN`), 10_000);
    juliet.says('who art thou?');
    await romeo.hears(juliet, 'who art thou?');
    romeo.says('call me but love');
    await juliet.hears(romeo, 'call me but love');
    expect(romeo.client.seen(`<presence type='unavailable' from='${stage.room}/${romeo.nick}'/>`)).toEqual([]);
    await ended?.start();
  });

  test('a worker that ends while Redis answers nothing takes leave of its networks', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const pid = world().redis?.running.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    const ending = Promise.all(workers().map(({ running }) => running.stop('SIGTERM', 12_000)));
    await juliet.client.expect(new RegExp(`^:${romeo.nick}!\\S+ QUIT .*The gateway restarts`), 10_000);
    await ending;
    process.kill(pid, 'SIGCONT');
    await Promise.all(workers().map((worker) => worker.start()));
    await juliet.client.expect(new RegExp(`^:${romeo.nick}!\\S+ JOIN`), 20_000);
    romeo.says('I am here again');
    await juliet.hears(romeo, 'I am here again');
  });

  test('a Redis whose memory is full for longer than a sign of life stands: what the network says is heard', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const url = world().redis?.url ?? '';
    const link = await connectRedis({ url, name: 'test', clock: systemClock, log: silentLog });
    await link.redis.config('SET', 'maxmemory', '1');
    try {
      for (let seconds = 0; seconds < 15; seconds++) {
        juliet.says(`it is the ${seconds}th hour`);
        await romeo.hears(juliet, `it is the ${seconds}th hour`);
        await systemClock.sleep(1_000);
      }
    } finally {
      await link.redis.config('SET', 'maxmemory', '0');
      await link.close();
    }
    romeo.says('at last');
    await juliet.hears(romeo, 'at last');
  });

  test('a rolling upgrade, workers first and the edge last: nothing is lost or out of order', async () => {
    await using stage = new Stage(world());
    const talk = await Talk.begin(stage, { total: 600, perSecond: 40 });
    await talk.until('they talk', () => talk.out.reflected > 40 && talk.in.said > 40);
    for (const member of [...workers(), world().gateway.member('edge')]) {
      await talk.during(async () => {
        expect(await member.stop()).toEqual({ code: 0, signal: null });
        await member.start();
      });
      await talk.julietRepeats(60_000);
    }
    await talk.finish(60_000);
    await talk.verdict('a rolling upgrade');
  });
});
