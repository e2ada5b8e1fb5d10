/** Everything at rest in PostgreSQL: the same scenarios, and a database that goes away and comes back while people talk. */
import { describe, expect, test } from 'vitest';
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
