/** Accounts whose connection is ended while it is being made. */
import { describe, expect } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { Filling } from './filling.ts';
import { failed } from './lines.ts';
import { type Stage, scenario, verona } from './stage.ts';

const options = { options: { logins: 'required' } } as const;

/** With his password, in one go. */
async function registers(stage: Stage) {
  stage.gateway.authority.register('romeo', 'sesame');
  const romeo = stage.client();
  const filling = new Filling(romeo, 'register');
  await filling.begin();
  await filling.submit({ username: 'romeo', password: 'sesame' });
  romeo.ignores();
  return romeo;
}

/** He is about to enter a room by an account that is connecting, until `release`. */
async function joinsWhileItConnects(stage: Stage) {
  const romeo = await registers(stage);
  await stage.gateway.stop('keep');
  const release = stage.gateway.hold('connect');
  await stage.gateway.start();
  await romeo.joins(verona, 'romeo');
  return { romeo, release };
}

describe('an account', () => {
  scenario(
    'is logged out while it connects: it never comes online, and whoever was about to enter a room stays out',
    async (stage) => {
      const { romeo, release } = await joinsWhileItConnects(stage);
      expect((await new Filling(romeo, 'logout').begin()).notes).toEqual(['info: romeo is logged out.']);
      release();
      await stage.calm();
      await stage.passes(60);
      expect([stage.members('#verona'), stage.gateway.domain.runner.count('ready')]).toEqual([[], 0]);
      romeo.ignores();
    },
    options,
  );

  scenario(
    'is disconnected while it connects: the join that waits for it is not tried again, the next one is',
    async (stage) => {
      const { romeo, release } = await joinsWhileItConnects(stage);
      await stage.passes(1);
      const filling = new Filling(stage.client('boss'), 'disconnect-user');
      await filling.begin();
      await filling.submit({ jids: 'romeo@test' });
      release();
      await stage.calm();
      await stage.passes(60);
      expect([stage.members('#verona'), stage.gateway.domain.runner.count('ready')]).toEqual([[], 0]);
      await romeo.joins(verona, 'romeo');
      expect(stage.members('#verona')).toEqual(['romeo']);
      romeo.ignores();
    },
    { ...options, admins: ['boss@test'] },
  );

  scenario(
    'is disconnected between two tries of a join: that is not tried again, the next one is',
    async (stage) => {
      const romeo = await registers(stage);
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('network-away', { text: 'It is out of order' }));
      await stage.gateway.start();
      await romeo.joins(verona, 'romeo');
      await stage.passes(30);
      romeo.ignores();
      const filling = new Filling(stage.client('boss'), 'disconnect-user');
      await filling.begin();
      await filling.submit({ jids: 'romeo@test' });
      romeo.gets(failed('presence', 'join', 'cancel', 'recipient-unavailable'));
      stage.gateway.away(undefined);
      await stage.passes(300);
      expect([stage.members('#verona'), stage.gateway.domain.runner.count('ready')]).toEqual([[], 0]);
      await romeo.joins(verona, 'romeo');
      expect(stage.members('#verona')).toEqual(['romeo']);
      romeo.ignores();
    },
    { ...options, admins: ['boss@test'] },
  );
});
