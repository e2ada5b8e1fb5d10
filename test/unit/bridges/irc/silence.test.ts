/** Servers with SILENCE keep blocked people off themselves: told once, on every connection anew, and no more of them than there is room for. */
import { expect, test } from 'vitest';
import { personId } from '../../../../src/bridge/index.ts';
import { openWith, TestSession } from '../../../harness/irc-session.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { type PuppetClient, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';

const isupport = 'CASEMAPPING=rfc1459 PREFIX=(ov)@+ CHANTYPES=# SILENCE=2';
const told = ({ lines }: PuppetClient): readonly string[] => lines.all.filter((line) => line.startsWith('SILENCE'));

test('191-02 who is blocked is on its list, until they are not; on a new connection again', async () => {
  await using ircd = await startPuppetIrcd();
  const clock = createManualClock();
  const us = new TestSession();
  await using _ = us;
  const connecting = openWith(us, { port: ircd.port, nick: 'juliet', clock });
  const server = await ircd.next();
  await server.welcome({ isupport });
  await connecting;
  const { blocks } = us.live;
  if (blocks === undefined) throw new Error('it can not block');
  for (const nick of ['tybalt', 'tybalt', 'paris', 'sampson']) await blocks.block(personId(nick));
  await server.expect(/^SILENCE \+paris!\*@\*$/);
  for (const nick of ['paris', 'paris', 'nobody']) await blocks.unblock(personId(nick));
  await server.expect(/^SILENCE -paris/);
  expect(told(server)).toEqual(['SILENCE +tybalt!*@*', 'SILENCE +paris!*@*', 'SILENCE -paris!*@*']);
  server.cut();
  const coming = ircd.next();
  let again: PuppetClient | undefined;
  void coming.then((one) => {
    again = one;
  });
  for (let tries = 0; tries < 1000 && again === undefined; tries++) {
    await clock.advance(1000);
    await settle();
  }
  const next = await coming;
  await next.welcome({ isupport });
  await next.expect(/^SILENCE \+tybalt!\*@\*$/);
  expect(told(next)).toEqual(['SILENCE +tybalt!*@*']);
});

test('191-02 a server without it is told of nobody', async () => {
  await using ircd = await startPuppetIrcd();
  const us = new TestSession();
  await using _ = us;
  const connecting = openWith(us, { port: ircd.port, nick: 'juliet' });
  const server = await ircd.next();
  await server.welcome();
  await connecting;
  expect(us.live.blocks).toBeUndefined();
});
