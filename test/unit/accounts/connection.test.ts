/** An account's session over time: one at a time, made anew after any failure, and never before the last one's farewell. */
import { expect, test } from 'vitest';
import { createConnection } from '../../../src/accounts/connection.ts';
import type { Network, Session } from '../../../src/bridge/contract.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { accountId } from '../../../src/core/ids.ts';
import { sessionOf } from '../gateway/rooms/world.ts';

const row = { id: accountId('romeo'), domain: 'net.test', owner: 'romeo@test' };

let now = 1_000;

function setUp(connect: Network['connect']) {
  const told: boolean[] = [];
  const logged: string[] = [];
  const connection = createConnection(
    row,
    { connect },
    {
      wishes: { onServer: () => ({}) },
      credentials: { of: async () => undefined },
      host: { emit: () => undefined, checkpoint: async () => {} },
      signal: new AbortController().signal,
      clock: { now: () => now },
      log: { info: (_: object, message: string) => void logged.push(message) },
      onSession: (session: Session | undefined) => void told.push(session !== undefined),
    },
  );
  return { connection, told, logged };
}

test('a network that fails in the very moment in which it is asked is asked again', async () => {
  let tries = 0;
  const { connection, told } = setUp(() => {
    if (++tries === 1) throw new GatewayError('no-connection');
    return Promise.resolve(sessionOf('romeo'));
  });
  await expect(connection.connect('romeo')).rejects.toMatchObject({ code: 'no-connection' });
  expect(connection.state()).toBe('idle');
  await expect(connection.connect('romeo')).resolves.toMatchObject({ me: 'romeo' });
  expect([connection.state(), told, tries]).toEqual(['ready', [false, true], 2]);
});

test('whoever asks meanwhile waits for the same session; the next one waits for the farewell', async () => {
  const farewell = Promise.withResolvers<void>();
  let made = 0;
  const { connection, told } = setUp(async () => {
    made++;
    return { ...sessionOf('romeo'), end: () => farewell.promise };
  });
  const [one, two] = await Promise.all([connection.connect('romeo'), connection.connect(undefined)]);
  expect(one).toBe(two);
  const ended = connection.end('good night');
  expect([connection.session(), connection.isEnding(), told]).toEqual([undefined, true, [true, false]]);
  const again = connection.connect('romeo');
  await new Promise((resolve) => setImmediate(resolve));
  expect(made).toBe(1);
  farewell.resolve();
  await ended;
  await again;
  expect([made, connection.isEnding()]).toEqual([2, false]);
});

test('what was asked before it was ended makes none; where the clock was set back since, nothing was', async () => {
  const { connection } = setUp(async () => sessionOf('romeo'));
  now = 2_000;
  await connection.end('good night');
  await expect(connection.connect('romeo', 1_999)).rejects.toMatchObject({ code: 'not-connected' });
  now = 1_500;
  await expect(connection.connect('romeo', 1_500)).resolves.toMatchObject({ me: 'romeo' });
});

test('an attempt that is ended is given up, and what comes of it late is nobody’s; the next one is another', async () => {
  const attempts: { readonly signal: AbortSignal; readonly made: PromiseWithResolvers<Session> }[] = [];
  const { connection, told } = setUp((_, __, signal) => {
    const made = Promise.withResolvers<Session>();
    attempts.push({ signal, made });
    return made.promise;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const first = connection.connect('romeo');
  await turn();
  await connection.end('good night');
  const second = connection.connect('romeo');
  await turn();
  expect(attempts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  attempts[1]?.made.resolve(sessionOf('romeo'));
  await second;
  attempts[0]?.made.resolve(sessionOf('romeo'));
  await expect(first).rejects.toMatchObject({ code: 'network-away' });
  expect([connection.state(), told]).toEqual(['ready', [false, true]]);
});

test('a session that has ended in the moment in which it was made is none', async () => {
  const made = [Promise.withResolvers<Session>(), Promise.withResolvers<Session>()];
  let tries = 0;
  const { connection } = setUp(() => made[tries++]?.promise ?? Promise.reject(new Error('too often')));
  const first = connection.connect('romeo');
  await new Promise((resolve) => setImmediate(resolve));
  made[0]?.resolve(sessionOf('romeo'));
  connection.heard({ kind: 'state', at: new Date(now), state: 'ended' });
  await expect(first).rejects.toMatchObject({ code: 'network-away' });
  expect(connection.state()).toBe('idle');
  made[1]?.resolve(sessionOf('romeo'));
  await connection.connect('romeo');
  expect(connection.state()).toBe('ready');
});

test('a session that has lost its network is there, and is not connected until it says so; the log tells that it was lost', async () => {
  const { connection, told, logged } = setUp(async () => sessionOf('romeo'));
  await connection.connect('romeo');
  const heard = (state: 'reconnecting' | 'ready'): void =>
    connection.heard({ kind: 'state', at: new Date(now), state, reason: new GatewayError('network-away') });
  heard('reconnecting');
  expect([connection.state(), connection.session()?.me, told]).toEqual(['connecting', 'romeo', [true]]);
  expect(logged).toEqual(['the connection to the network was lost; it is made again']);
  heard('ready');
  expect([connection.state(), logged.length]).toEqual(['ready', 1]);
  heard('reconnecting');
  await connection.end('good night');
  expect(connection.state()).toBe('idle');
  await connection.connect('romeo');
  expect(connection.state()).toBe('ready');
});

test('an attempt for rooms from before a restart says so, and none after it', async () => {
  const told: (boolean | undefined)[] = [];
  const { connection } = setUp(async ({ isBack }) => {
    told.push(isBack);
    throw new GatewayError('no-connection');
  });
  await expect(connection.comeBack('romeo')).rejects.toMatchObject({ code: 'no-connection' });
  await expect(connection.connect('romeo')).rejects.toMatchObject({ code: 'no-connection' });
  expect(told).toEqual([true, undefined]);
});
