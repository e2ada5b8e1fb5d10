/** What operators see of a gateway that runs: the metrics of its processes. */
import { expect, test } from 'vitest';
import { namedMetrics, readDashboard } from '../harness/dashboard.ts';
import { type Exposition, readExposition } from '../harness/exposition.ts';
import type { Member } from '../harness/gateway.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';

const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'] });

const scrape = async (member: Member): Promise<Exposition> => readExposition((await member.get('/metrics')).body);

const isPerson = (text: string): boolean => /[@#%]/.test(text);

test('each process tells its own metrics, without a fault and without anybody’s name; they add up', async () => {
  await using stage = new Stage(world());
  const { romeo, juliet } = await stage.pair();
  romeo.says('wherefore');
  await juliet.hears(romeo, 'wherefore');
  const { members } = world().gateway;
  const irc = { domain: gatewayDomain, bridge: 'irc' };
  const sum = async (name: string, labels: object): Promise<number> => {
    const all = await Promise.all(members.map(scrape));
    return all.reduce((total, one) => total + (one.value(name, { ...irc, ...labels }) ?? 0), 0);
  };
  await expect.poll(() => sum('isthmus_barrier_round_trip_seconds_count', {})).toBeGreaterThan(0);
  await expect.poll(() => sum('isthmus_attempts_total', { outcome: 'done' })).toBeGreaterThan(1);
  expect(await sum('isthmus_sessions', { state: 'ready' })).toBe(1);
  expect(await sum('isthmus_component_up', {})).toBe(1);
  expect(await sum('isthmus_stanzas_total', { direction: 'in' })).toBeGreaterThan(1);
  expect(await sum('isthmus_events_total', {})).toBeGreaterThan(1);
  await expect.poll(() => sum('isthmus_queue_entries', {})).toBe(0);
  const all = await Promise.all(members.map(scrape));
  expect(all.flatMap(({ faults }) => faults)).toEqual([]);
  const labels = all.flatMap(({ families }) => families.flatMap(({ samples }) => samples.map((one) => one.labels)));
  expect(labels.flatMap((one) => Object.values(one)).filter(isPerson)).toEqual([]);
  expect(all.map((one) => one.value('isthmus_mailbox_entries'))).toEqual([0, 0, 0]);
  const known = all.flatMap(({ families }) => families.flatMap(({ samples }) => samples.map(({ name }) => name)));
  expect(namedMetrics(readDashboard()).filter((name) => !known.includes(name))).toEqual([]);
});
