/** Accounts whose connection is ended while it is being made. */
import { describe, expect } from 'vitest';
import { GatewayError } from '../../src/core/errors.ts';
import { Filling } from './filling.ts';
import { failed } from './lines.ts';
import { loginsOnly as options, registers } from './registered.ts';
import { type Stage, scenario, verona } from './stage.ts';

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
      expect((await new Filling(romeo, 'logout').begin()).notes).toEqual(['info: None of your accounts is logged in.']);
      release();
      await stage.calm();
      await stage.passes(60);
      expect([stage.members('#verona'), stage.gateway.domain.runner.count('ready')]).toEqual([[], 0]);
      romeo.ignores();
    },
    options,
  );

  scenario(
    'that was being connected anew when the gateway was killed is there after it',
    async (stage) => {
      const romeo = await registers(stage);
      // Never let go: the dead process must not go on in this one.
      stage.gateway.hold('end');
      await new Filling(romeo, 're-login').begin();
      await stage.gateway.stop('kill');
      await stage.gateway.start();
      await stage.calm();
      expect(stage.gateway.domain.runner.count('ready')).toBe(1);
      romeo.ignores();
    },
    options,
  );

  scenario(
    'is disconnected while it connects: the join that waits for it is not tried again, the next one is',
    async (stage) => {
      const { romeo, release } = await joinsWhileItConnects(stage);
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
      romeo.gets(
        `<presence type='unavailable' from='net.test/gateway'><status/></presence>`,
        failed('presence', 'join', 'cancel', 'recipient-unavailable'),
      );
      stage.gateway.away(undefined);
      await stage.passes(300);
      expect([stage.members('#verona'), stage.gateway.domain.runner.count('ready')]).toEqual([[], 0]);
      await romeo.joins(verona, 'romeo');
      expect(stage.members('#verona')).toEqual(['romeo']);
      romeo.ignores();
    },
    { ...options, admins: ['boss@test'] },
  );

  scenario(
    'is disconnected between two tries of the way back into its rooms: it stays off the network',
    async (stage) => {
      const romeo = await registers(stage);
      await romeo.joins(verona, 'romeo');
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('network-away', { text: 'It is out of order' }));
      await stage.gateway.start();
      await stage.passes(30);
      const filling = new Filling(stage.client('boss'), 'disconnect-user');
      await filling.begin();
      await filling.submit({ jids: 'romeo@test' });
      stage.gateway.away(undefined);
      await stage.passes(600);
      expect([stage.members('#verona'), stage.gateway.domain.runner.count('ready')]).toEqual([[], 0]);
      romeo.ignores();
    },
    { ...options, admins: ['boss@test'] },
  );

  scenario(
    'is banned: it stays off the network over a restart too, and comes back by one when its owner is banned no more',
    async (stage) => {
      await registers(stage);
      const boss = stage.client('boss');
      const ready = (): number => stage.gateway.domain.runner.count('ready');
      for (const [command, isOn] of [
        ['ban-user', 0],
        ['unban-user', 1],
      ] as const) {
        const filling = new Filling(boss, command);
        await filling.begin();
        await filling.submit({ accountjids: 'romeo@test' });
        await stage.restarts();
        await stage.passes(60);
        expect(ready()).toBe(isOn);
      }
    },
    { ...options, admins: ['boss@test'] },
  );

  scenario(
    'is banned while something of its owner’s waits: that is given back as too late, over a restart too',
    async (stage) => {
      const romeo = await registers(stage);
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('network-away', { text: 'It is out of order' }));
      await stage.gateway.start();
      await romeo.sends(`<message type='chat' id='m1' to='juliet@net.test'><body>psst</body></message>`);
      const filling = new Filling(stage.client('boss'), 'ban-user');
      await filling.begin();
      await filling.submit({ accountjids: 'romeo@test' });
      stage.gateway.away(undefined);
      await stage.restarts();
      await stage.passes(10);
      romeo.ignores();
      for (let hour = 0; hour <= 25; hour++) await stage.passes(3_600);
      romeo.gets(failed('message', 'm1', 'wait', 'remote-server-timeout'));
      expect([await stage.waiting(), stage.gateway.domain.runner.count('ready')]).toEqual([0, 0]);
    },
    { ...options, admins: ['boss@test'] },
  );
});
