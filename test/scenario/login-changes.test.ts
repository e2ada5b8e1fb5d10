/** Accounts that people have added: whose they become, for whom they stay, and beside which others they stand. */
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { came, Filling } from './filling.ts';
import { kept, loginsOnly as options, registers } from './registered.ts';
import { type Stage, scenario, verona } from './stage.ts';

/** The database has none of those meanwhile. */
async function without(table: 'accounts' | 'logins', { gateway }: Stage, act: () => Promise<unknown>): Promise<void> {
  const { schema } = gateway.database.db;
  await schema.alterTable(table).renameTo('elsewhere').execute();
  await act();
  await schema.alterTable('elsewhere').renameTo(table).execute();
}

let allow: readonly string[] = ['test'];

describe('an account', () => {
  scenario(
    'whose login is another account of the network now goes on as that one, in its rooms',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.joins(verona, 'romeo');
      stage.gateway.authority.register('bot', 'open');
      const filling = new Filling(romeo, 'change-login');
      await filling.begin();
      const done = await filling.submit({ username: 'bot', password: 'open' });
      expect(done.notes).toContain('info: You are logged in as bot. It is kept from now on.');
      expect((await new Filling(romeo, 'accounts').begin()).rows).toEqual(['bot | net.test | connected']);
      expect(stage.members('#verona')).toEqual(['bot']);
      romeo.ignores();
      await romeo.says(verona, 'peace', 'm1');
      romeo.gets(`<message type='groupchat' id='m1' from='${verona}/bot'><body>peace</body></message>`);
    },
    options,
  );

  scenario(
    'of somebody who is banned stays off, after a restart too, and is there again when they may',
    async (stage) => {
      await registers(stage);
      const boss = stage.client('boss');
      const banning = new Filling(boss, 'ban-user');
      await banning.begin();
      await banning.submit({ accountjids: 'romeo@test' });
      expect(stage.gateway.domain.runner.count('ready')).toBe(0);
      await stage.restarts();
      await stage.passes(60);
      expect(stage.gateway.domain.runner.count('ready')).toBe(0);
      const unbanning = new Filling(boss, 'unban-user');
      await unbanning.begin();
      await unbanning.submit({ accountjids: 'romeo@test' });
      expect(stage.gateway.domain.runner.count('ready')).toBe(1);
    },
    { ...options, admins: ['boss@test'] },
  );

  scenario(
    'of somebody whom the operator takes off the list goes off at once, and is there again when they are on it',
    async (stage) => {
      await registers(stage);
      const boss = stage.client('boss');
      allow = ['boss@test'];
      await new Filling(boss, 'reload').begin();
      expect(stage.gateway.domain.runner.count('ready')).toBe(0);
      allow = ['test'];
      await new Filling(boss, 'reload').begin();
      expect(stage.gateway.domain.runner.count('ready')).toBe(1);
    },
    { ...options, admins: ['boss@test'], fileAllows: () => allow },
  );

  let mistaken: readonly string[] = ['test'];
  scenario(
    'is off by a list that has not even the operator, who can have it read again all the same',
    async (stage) => {
      await registers(stage);
      const boss = stage.client('boss');
      mistaken = ['verona.example'];
      await new Filling(boss, 'reload').begin();
      expect(stage.gateway.domain.runner.count('ready')).toBe(0);
      mistaken = ['test'];
      expect((await new Filling(boss, 'reload').begin()).notes).toEqual(['info: Read again: allow of net.test.']);
      expect(stage.gateway.domain.runner.count('ready')).toBe(1);
    },
    { ...options, admins: ['boss@test'], fileAllows: () => mistaken },
  );

  scenario(
    'of somebody whose ban is lifted while the database is away can be let in by asking once more',
    async (stage) => {
      await registers(stage);
      const boss = stage.client('boss');
      const runs = async (command: string) => {
        const filling = new Filling(boss, command);
        await filling.begin();
        return (await filling.submit({ accountjids: 'romeo@test' })).notes;
      };
      await runs('ban-user');
      stage.mayFail = true;
      await without('logins', stage, () => runs('unban-user'));
      expect(await runs('unban-user')).toEqual(['info: Not banned any more: romeo@test.']);
      expect(stage.gateway.domain.runner.count('ready')).toBe(1);
    },
    { ...options, admins: ['boss@test'] },
  );

  scenario(
    'of somebody who is taken off the list while the database is away goes off when that is asked once more',
    async (stage) => {
      await registers(stage);
      const boss = stage.client('boss');
      allow = ['boss@test'];
      stage.mayFail = true;
      await without('accounts', stage, () => new Filling(boss, 'reload').begin());
      expect(stage.gateway.domain.runner.count('ready')).toBe(1);
      await new Filling(boss, 'reload').begin();
      expect(stage.gateway.domain.runner.count('ready')).toBe(0);
    },
    { ...options, admins: ['boss@test'], fileAllows: () => allow },
  );

  scenario(
    'whose removal is ended in the middle is listed still, and removed with all that is left by asking once more',
    async (stage) => {
      const { db } = stage.gateway.database;
      const romeo = await registers(stage);
      await romeo.joins(verona, 'romeo');
      await romeo.says(verona, 'peace');
      await stage.passes(1);
      const removes = async () => {
        const filling = new Filling(romeo, 'remove-account');
        await filling.begin();
        return (await filling.submit({ confirm: '1' })).notes;
      };
      await sql`create trigger full before delete on archive begin select raise(abort, 'the disk is full'); end`.execute(
        db,
      );
      stage.mayFail = true;
      await removes();
      await sql`drop trigger full`.execute(db);
      await stage.restarts('kill');
      expect((await new Filling(romeo, 'accounts').begin()).rows).toEqual(['romeo | net.test | connected']);
      expect(await removes()).toEqual(['info: romeo was removed.']);
      expect([await kept(stage), await db.selectFrom('archive').selectAll().execute()]).toEqual([[], []]);
    },
    options,
  );

  scenario(
    'that could not be removed, as the disk is full, is connected again without a restart',
    async (stage) => {
      const { db } = stage.gateway.database;
      const romeo = await registers(stage);
      await sql`create trigger full before delete on logins begin select raise(abort, 'the disk is full'); end`.execute(
        db,
      );
      stage.mayFail = true;
      const removal = new Filling(romeo, 'remove-account');
      await removal.begin();
      await removal.submit({ confirm: '1' });
      expect(stage.gateway.domain.runner.count('ready')).toBe(0);
      await sql`drop trigger full`.execute(db);
      await stage.passes(5);
      expect((await new Filling(romeo, 'accounts').begin()).rows).toEqual(['romeo | net.test | connected']);
    },
    options,
  );

  scenario(
    'that was removed does not come back by what its owner’s server says when its contacts go',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.sends(`<presence type='subscribe' to='tybalt@net.test'/>`);
      const filling = new Filling(romeo, 'remove-account');
      await filling.begin();
      await filling.submit({ confirm: '1' });
      romeo.ignores();
      await romeo.sends(
        `<presence type='unsubscribe' to='tybalt@net.test'/>`,
        `<presence type='unsubscribed' to='tybalt@net.test'/>`,
      );
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
      romeo.gets();
    },
    options,
  );
});

const both = { options: { logins: 'optional' } } as const;

describe('where none is needed', () => {
  scenario(
    'one that is added for an account that joins have made is what that goes on as, in its rooms',
    async (stage) => {
      const romeo = stage.client();
      await romeo.joins(verona, 'montague');
      await registers(stage);
      expect(stage.members('#verona')).toEqual(['romeo']);
      await stage.restarts();
      expect(stage.members('#verona')).toEqual(['romeo']);
    },
    both,
  );

  scenario(
    'the same one once more leaves its session alone',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.joins(verona, 'romeo');
      const { connects } = stage.gateway;
      await registers(stage);
      // Only to see whether it works.
      expect(stage.gateway.connects).toBe(connects + 1);
      expect(stage.members('#verona')).toEqual(['romeo']);
    },
    both,
  );

  scenario(
    'one that joins make stands beside those that are added',
    async (stage) => {
      const juliet = stage.client('juliet');
      await juliet.joins(verona, 'juliet');
      await registers(stage);
      expect(await kept(stage)).toHaveLength(1);
      expect(stage.members('#verona')).toEqual(['juliet']);
      juliet.ignores();
      await juliet.joins('#verona=~bot@net.test', 'bot');
      expect(came(juliet)).toEqual(['presence error']);
    },
    both,
  );
});
