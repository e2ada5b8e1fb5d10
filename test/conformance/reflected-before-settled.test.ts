/**
 * What is settled has its reflection in the journal: whoever is killed between the two has told the network, and would never tell the sender (DESIGN.md §3). Over a real Redis, which
 * tells the order in which it carries out what it is sent.
 */
import { Redis as Client } from 'ioredis';
import { beforeAll, expect, test } from 'vitest';
import { createRelayWire } from '../../src/delivery/relay-wire.ts';
import { createWire } from '../../src/delivery/wire.ts';
import { systemClock } from '../../src/ops/clock.ts';
import type { RedisLink } from '../../src/storage/redis/connect.ts';
import { createJournalStore } from '../../src/storage/redis/journal.ts';
import type { Redis } from '../harness/redis.ts';
import { useRedisLink } from '../harness/redis-link.ts';
import { silentLog } from '../harness/silent-log.ts';

const used = useRedisLink();
let redis: Redis;
let link: RedisLink;
beforeAll(() => {
  ({ redis, link } = used());
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const common = { clock: systemClock, log: silentLog };
const total = 400;

/** A server that takes everything and answers for nothing. */
const silent = {
  up: true,
  write: () => true,
  drained: () => Promise.resolve(),
  barrier: () => new Promise<void>(() => undefined),
};

const edge = () => {
  const journal = createJournalStore(link);
  const wire = createWire({ ...common, pipe: silent, journal, domain: 'irc.test', stream: 'irc.test/edge' });
  wire.resume();
  return { put: (text: string) => wire.put(text, true), close: () => wire.close() };
};
const worker = () => createRelayWire({ ...common, journal: createJournalStore(link), stream: 'irc.test/worker' });

test.each([
  ['of one process', edge],
  ['of a worker', worker],
])('the journal %s', async (name, make) => {
  const wire = make();
  const carriedOut: string[][] = [];
  const client = new Client(redis.url);
  const monitor = await client.monitor();
  monitor.on('monitor', (_: string, [command = '', ...args]: string[]) =>
    carriedOut.push([command.toLowerCase(), ...args]),
  );
  const list = `settled ${name}`;
  const settled: Promise<unknown>[] = [];
  for (let n = 0; n < total; n++) {
    wire.put(`<m n='${n}'/>`);
    // As lanes settle: at the end of the turn in which the reflection was put on the wire.
    setImmediate(() => settled.push(link.batch.ask({ command: ['rpush', list, String(n)] })));
    for (let turns = n % 7; turns >= 0; turns--) await turn();
    if (n % 50 === 0) await systemClock.sleep(5);
  }
  await turn();
  await Promise.all(settled);
  await systemClock.sleep(50);
  wire.close();
  monitor.disconnect();
  client.disconnect();
  const placeOf = (isIt: (args: readonly string[]) => boolean): number => carriedOut.findIndex(isIt);
  for (let n = 0; n < total; n++) {
    const recorded = placeOf(([command, , , , text]) => command === 'xadd' && text?.includes(`<m n='${n}'/>`) === true);
    const done = placeOf(([command, key, text]) => command === 'rpush' && key === list && text === String(n));
    expect([n, recorded >= 0, done > recorded]).toEqual([n, true, true]);
  }
});
