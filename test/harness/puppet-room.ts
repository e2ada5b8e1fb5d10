/** A session of ours with a puppet server, new for each test, and the ways into a room that most tests begin with. */
import { afterEach, beforeEach } from 'vitest';
import { connectSession, type TestSession, type TestSessionOptions } from './irc-session.ts';
import { type PuppetClient, type PuppetIrcd, startPuppetIrcd } from './puppet-ircd.ts';

export interface Met {
  readonly us: TestSession;
  /** The server's side of our connection. */
  readonly server: PuppetClient;
}

export type Welcome = Parameters<PuppetClient['welcome']>[0];

export interface Puppets {
  /** The test's server. */
  readonly ircd: PuppetIrcd;
  /** Connected as juliet. */
  meet(welcome?: Welcome, more?: Partial<TestSessionOptions>): Promise<Met>;
  /** And in #room, with these names; what a join tells has been taken. */
  inRoom(names?: string, welcome?: Welcome, more?: Partial<TestSessionOptions>): Promise<Met>;
}

/** Registers the hooks that start and end the server. */
export function usePuppets(): Puppets {
  let ircd: PuppetIrcd | undefined;
  const live = (): PuppetIrcd => {
    if (ircd === undefined) throw new Error('asked for outside of a test');
    return ircd;
  };
  beforeEach(async () => {
    ircd = await startPuppetIrcd();
  });
  afterEach(() => live()[Symbol.asyncDispose]());
  const meet: Puppets['meet'] = async (welcome, more = {}) => {
    const connecting = connectSession({ port: live().port, nick: 'juliet', ...more });
    const server = await live().next();
    await server.welcome(welcome);
    return { us: await connecting, server };
  };
  return {
    get ircd() {
      return live();
    },
    meet,
    async inRoom(names = 'juliet @Romeo', welcome, more) {
      const met = await meet(welcome, more);
      const joining = met.us.join('#room');
      await met.server.admit('#room', names);
      await joining;
      await met.us.event('members', (event) => event.complete === true);
      await met.us.event('room');
      return met;
    },
  };
}

/** All that the server said before has been dealt with. */
export async function mark({ us, server }: Met): Promise<void> {
  server.say(':s.test NOTICE juliet :the mark');
  await us.event('notice', ({ text }) => text.plain === 'the mark');
}
