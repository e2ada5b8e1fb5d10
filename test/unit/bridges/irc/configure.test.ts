/** Settings on a live connection: what is sent while connecting, and what changes at once. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWith, TestSession, type TestSessionOptions } from '../../../harness/irc-session.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';

let ircd: PuppetIrcd;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
});
afterEach(() => ircd[Symbol.asyncDispose]());

async function connected(wanted: Partial<TestSessionOptions>, caps = '') {
  const us = new TestSession();
  const done = openWith(us, { port: ircd.port, nick: 'juliet', ...wanted });
  const server = await ircd.next();
  await server.welcome({ caps });
  await done;
  return { us, server };
}

test('password, names and the commands after connecting, in this order', async () => {
  const settings = {
    nick: 'jules',
    username: 'capulet',
    realname: 'Juliet C',
    pass: 'sesame:9',
    after_connect_commands: ['MODE jules +x', 'PRIVMSG NickServ :IDENTIFY x'],
  };
  const { us, server } = await connected({ settings });
  await using _ = us;
  await server.expect(/^PRIVMSG NickServ :IDENTIFY x$/);
  expect(server.lines.all.filter((line) => /^(PASS|NICK|USER|MODE|PRIVMSG)/.test(line))).toEqual([
    'PASS sesame:9',
    'NICK jules',
    'USER capulet 0 * :Juliet C',
    'MODE jules +x',
    'PRIVMSG NickServ :IDENTIFY x',
  ]);
  expect(us.live.me).toBe('jules');
});

test('a private address that a user sets is refused, on a server that is listed too', async () => {
  const us = new TestSession();
  const settings = { address: `127.0.0.1:${ircd.port}` };
  await expect(openWith(us, { port: ircd.port, nick: 'a', settings })).rejects.toMatchObject({
    code: 'network-refused',
  });
});

test('the throttle changes at once', async () => {
  const clock = createManualClock();
  const { us, server } = await connected({ clock, options: { throttle: { burst: 6, perSecond: 0.001 } } });
  await using _ = us;
  for (let at = 0; at < 10; at++) void us.say('romeo', `n${at}`).catch(() => {});
  await settle();
  us.live.configure?.({ throttle_limit: 50 });
  await server.expect(/^PRIVMSG romeo n9$/);
  expect(server.lines.all.filter((line) => line.startsWith('PRIVMSG'))).toHaveLength(10);
});

test('a new nick counts from the next connection on', async () => {
  const clock = createManualClock();
  const { us, server } = await connected({ clock });
  await using _ = us;
  us.live.configure?.({ nick: 'capulet' });
  server.cut();
  await us.event('state');
  await clock.advance(3000);
  const again = await ircd.next();
  expect((await again.expect(/^NICK :?(\S+)/))[1]).toBe('capulet');
});

test('a new real name is told at once where the server takes it', async () => {
  const { us, server } = await connected({}, 'setname');
  await using _ = us;
  us.live.configure?.({ realname: 'Lady Capulet' });
  await server.expect(/^SETNAME :Lady Capulet$/);
  us.live.configure?.({ realname: 'Lady Capulet', nick: 'other' });
  await us.say('romeo', 'x');
  expect(server.lines.all.filter((line) => line.startsWith('SETNAME'))).toHaveLength(1);
  expect(us.live.me).toBe('juliet');
});
