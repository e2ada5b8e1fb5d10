/** Everything at rest in PostgreSQL: the same scenarios, and a database that goes away and comes back while people talk. */
import { describe, expect, test } from 'vitest';
import { until } from '../harness/process.ts';
import { playAll, useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { archive, past } from './scenarios/archive.ts';
import { clients } from './scenarios/clients.ts';
import { talking } from './scenarios/talking.ts';

playAll('one process, Prosody, ngIRCd, PostgreSQL', { ircd: 'ngircd', sql: 'postgres' }, [archive, clients, talking]);

describe('a PostgreSQL that is killed', () => {
  const world = useWorld({ ircd: 'ngircd', sql: 'postgres' });

  test('nobody who talks notices, and what was said meanwhile is in the archive when it is back', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    juliet.says('before');
    await romeo.hears(juliet, 'before');
    expect((await past(romeo, stage.room)).bodies).toEqual(['before']);
    await world().postgres?.kill('SIGQUIT');
    juliet.says('meanwhile');
    await romeo.hears(juliet, 'meanwhile');
    romeo.says('indeed');
    await juliet.hears(romeo, 'indeed');
    expect((await past(romeo, stage.room)).answer.attrs.type).toBe('error');
    await world().postgres?.restart();
    await expect
      .poll(async () => (await past(romeo, stage.room)).bodies, { timeout: 30_000 })
      .toEqual(['before', 'meanwhile', 'indeed']);
  });
});

describe.each([['one process', undefined] as const, ['an edge and a worker', ['edge', 'worker'] as const] as const])(
  'a PostgreSQL that is away for a while, %s',
  (_, roles) => {
    const world = useWorld({ ircd: 'ngircd', sql: 'postgres', ...(roles && { roles }) });

    test('whoever comes into their first room meanwhile is in it when it is back, with nothing said again', async () => {
      await using stage = new Stage(world());
      const romeo = await stage.jabber('romeo');
      await world().postgres?.kill('SIGQUIT');
      const entering = romeo.client.join(stage.room, romeo.nick, { within: 60_000 });
      entering.catch(() => undefined);
      const tries = (): number =>
        world().gateway.members.at(-1)?.running.output().split('it is tried again').length ?? 0;
      await until('it could not be started more than once', () => tries() > 3, 30_000);
      await world().postgres?.restart();
      expect((await entering).occupants).toEqual([]);
    });
  },
);
