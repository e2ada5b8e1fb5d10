/** Raw clients of the harness' IRC server, for its tests: they negotiate what they are told and see every byte. */
import { afterEach, beforeEach } from 'vitest';
import { IrcClient } from '../../../harness/irc-client.ts';
import { type ModernIrcd, startModernIrcd } from '../../../harness/modern-ircd/server.ts';
import type { Settings } from '../../../harness/modern-ircd/settings.ts';

export interface Guests {
  readonly ircd: ModernIrcd;
  /** Connected, and nothing said yet. */
  raw(nick?: string): IrcClient;
  /** Welcomed, with these capabilities. */
  guest(nick: string, ...caps: readonly string[]): Promise<IrcClient>;
  /** Two in #room, the first of them its operator, whose joins have been seen. */
  pair(first: readonly string[], second?: readonly string[]): Promise<readonly [IrcClient, IrcClient]>;
}

/** Registers the hooks that start and end a server for each test. */
export function useGuests(settings: () => Partial<Settings> = () => ({})): Guests {
  let ircd: ModernIrcd | undefined;
  let clients: IrcClient[] = [];
  const live = (): ModernIrcd => {
    if (ircd === undefined) throw new Error('asked for outside of a test');
    return ircd;
  };
  beforeEach(async () => {
    clients = [];
    ircd = await startModernIrcd(settings());
  });
  afterEach(async () => {
    for (const client of clients) client.cut();
    await live()[Symbol.asyncDispose]();
  });
  const raw = (nick = 'nobody'): IrcClient => {
    const client = new IrcClient({ port: live().port, nick });
    clients.push(client);
    return client;
  };
  const guest = async (nick: string, ...caps: readonly string[]): Promise<IrcClient> => {
    const client = raw(nick);
    await client.register({ port: live().port, nick, caps });
    return client;
  };
  return {
    get ircd() {
      return live();
    },
    raw,
    guest,
    async pair(first, second = []) {
      const one = await guest('one', ...first);
      const two = await guest('two', ...second);
      await one.join('#room');
      await two.join('#room');
      await one.expect(/ JOIN /);
      await one.expect(/:two!\S+ JOIN /);
      return [one, two];
    },
  };
}
