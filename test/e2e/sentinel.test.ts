/** A gateway whose Redis has a Sentinel: its master is killed while people talk, the replica takes its place, and they talk on. */
import { expect, test } from 'vitest';
import { until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { Talk } from '../harness/talk.ts';

const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker'], hasSentinel: true });
const patienceMs = 60_000;

test('kill -9 of the master, over Sentinel: nothing is lost or out of order, and no process starts anew', async () => {
  await using stage = new Stage(world());
  const { sentinel, gateway } = world();
  const talk = await Talk.begin(stage, { total: 120, perSecond: 20 });
  await talk.until('they talk', () => talk.out.reflected > 20 && talk.in.said > 20);
  const before = sentinel?.master();
  const running = gateway.members.map((member) => member.running.pid);
  await talk.during(async () => {
    await before?.kill();
    await until('the replica has its place', () => sentinel?.master() !== before, patienceMs);
  });
  await talk.finish(patienceMs);
  await talk.verdict('kill -9 of the master');
  expect(talk.out.done).toBe(true);
  for (const member of gateway.members)
    await until('it is ready', async () => (await member.get('/readyz')).status === 200, patienceMs);
  expect(gateway.members.map((member) => member.running.pid)).toEqual(running);
}, 180_000);
