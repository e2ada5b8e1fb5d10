/** Somebody who has come into #Room of a server whose every word is the test's. */
import { openWith, TestSession } from '../../../harness/irc-session.ts';
import type { ManualClock } from '../../../harness/manual-clock.ts';
import type { PuppetClient, PuppetIrcd } from '../../../harness/puppet-ircd.ts';

export async function admitted(
  ircd: PuppetIrcd,
  clock: ManualClock,
  options: object = {},
): Promise<{ us: TestSession; server: PuppetClient }> {
  const us = new TestSession();
  const connecting = openWith(us, { port: ircd.port, nick: 'juliet', clock, options });
  const server = await ircd.next();
  await server.welcome();
  await connecting;
  const joining = us.join('#room', 'key');
  await server.admit('#Room', 'juliet @Romeo');
  await joining;
  await us.event('members', (event) => event.complete === true);
  await us.event('room');
  return { us, server };
}
