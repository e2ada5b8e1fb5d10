/** People of a world of Discord in memory: who logs in with a bot of theirs, who shares one, who is in a guild. For the scenarios of one file. */
import { expect } from 'vitest';
import { type DiscordWorld, startDiscordWorld } from '../harness/discord/memory-world.ts';
import { comesWithBot, isThere } from '../harness/discord/registering.ts';
import type { FakeDiscord } from '../harness/discord/server.ts';
import type { Application } from '../harness/discord/state.ts';
import { child } from '../harness/markup.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';

const commands = 'http://jabber.org/protocol/commands';

export interface DiscordUsers {
  readonly world: DiscordWorld;
  readonly scene: FakeDiscord['world'];
  readonly domain: string;
  /** A number that nobody has had. */
  next(): number;
  jabber(user: string, resource?: string): Promise<XmppClient>;
  /** Somebody whose bot it is, when it is connected. */
  loggedIn(bot: Application, user?: string): Promise<{ readonly client: XmppClient; readonly user: string }>;
  /** The operator shares it. @param admits absent: with everybody of the server */
  sharing(bot: Application, admits?: string): Promise<{ readonly admin: XmppClient; readonly label: string }>;
  /** Nothing may have gone wrong. */
  end(): Promise<void>;
}

const form = (name: string, value: string): string =>
  `<x xmlns='jabber:x:data' type='submit'><field var='${name}'><value>${value}</value></field></x>`;

/** @param options the bridge's, and the Discord's settings */
export async function createDiscordUsers(...options: Parameters<typeof startDiscordWorld>): Promise<DiscordUsers> {
  const world = await startDiscordWorld(...options);
  const { domain, discord } = world;
  const clients: XmppClient[] = [];
  let count = 0;

  async function jabber(user: string, resource = 'desk'): Promise<XmppClient> {
    const client = await world.jabber(user, resource);
    clients.push(client);
    return client;
  }

  return {
    world,
    scene: discord.world,
    domain,
    next: () => ++count,
    jabber,
    async loggedIn(bot, user = `user${++count}`) {
      const client = await jabber(user);
      await comesWithBot(client, domain, discord, bot);
      return { client, user };
    },
    async sharing(bot, admits = 'localhost') {
      const admin = await jabber('operator', `desk${++count}`);
      const ask = async (attrs: string, inside = '') => {
        const command = `<command xmlns='${commands}' node='register'${attrs}>${inside}</command>`;
        return child(await admin.ask(`<iq type='set' to='${domain}'>${command}</iq>`), 'command', commands);
      };
      const begun = await ask('');
      await ask(` action='next' sessionid='${begun?.attrs.sessionid}'`, form('admits', admits));
      const done = await ask(
        ` action='complete' sessionid='${begun?.attrs.sessionid}'`,
        form('token', bot.token ?? ''),
      );
      expect(done?.attrs.status).toBe('completed');
      await isThere(discord, bot);
      return { admin, label: `=~+${bot.name}-0001` };
    },
    async end() {
      for (const client of clients) client.cut();
      expect(world.errors).toEqual([]);
      await world[Symbol.asyncDispose]();
    },
  };
}
