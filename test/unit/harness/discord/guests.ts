/** Unmodified discord.js as a guest of the harness' Discord server. */
import { Client, type ClientEvents, type ClientOptions, GatewayIntentBits, Options, Partials } from 'discord.js';
import { afterAll, beforeAll } from 'vitest';
import { type FakeDiscord, startDiscord } from '../../../harness/discord/server.ts';
import { quick, type Settings } from '../../../harness/discord/settings.ts';
import type { Application, Guild } from '../../../harness/discord/state.ts';

/** All intents that discord.js knows. */
export const allIntents: readonly GatewayIntentBits[] = Object.values(GatewayIntentBits).filter(
  (bit): bit is GatewayIntentBits => typeof bit === 'number',
);

export interface Guests {
  readonly discord: FakeDiscord;
  /** A client that is ready. */
  login(bot: Application, more?: Partial<ClientOptions>): Promise<Client<true>>;
  /** A client that is not yet connected. */
  client(more?: Partial<ClientOptions>): Client;
  /** A guild with an owner, a bot in it, and a client of the bot's. */
  party(more?: Partial<ClientOptions>): Promise<Party>;
}

export interface Party {
  readonly guild: Guild;
  readonly bot: Application;
  readonly client: Client<true>;
}

/** One server for the tests of a block, and clients that end with it. */
export function useGuests(settings: Partial<Settings> = quick): Guests {
  let discord: FakeDiscord;
  const clients: Client[] = [];
  beforeAll(async () => {
    discord = await startDiscord(settings);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.destroy()));
    await discord[Symbol.asyncDispose]();
  });
  const client = (more: Partial<ClientOptions> = {}): Client => {
    const one = new Client({
      intents: allIntents,
      partials: [Partials.Channel, Partials.Message, Partials.Reaction, Partials.User, Partials.GuildMember],
      makeCache: Options.cacheEverything(),
      ...more,
      rest: { api: discord.api, cdn: discord.cdn, ...more.rest },
    });
    clients.push(one);
    return one;
  };
  const login = async (bot: Application, more: Partial<ClientOptions> = {}): Promise<Client<true>> => {
    const one = client(more);
    const ready = next(one, 'clientReady');
    await one.login(bot.token ?? '');
    const [found] = await ready;
    return found;
  };
  return {
    get discord() {
      return discord;
    },
    client,
    login,
    async party(more) {
      const { world } = discord;
      const guild = world.guild('Party', world.user('owner'));
      const bot = world.bot('isthmus');
      world.invite(bot, guild);
      return { guild, bot, client: await login(bot, more) };
    },
  };
}

/** The next event of that name that fits. */
export function next<Name extends keyof ClientEvents>(
  client: Client,
  name: Name,
  fits: (...found: ClientEvents[Name]) => boolean = () => true,
): Promise<ClientEvents[Name]> {
  return new Promise((resolve) => {
    const hear = (...found: ClientEvents[Name]): void => {
      if (!fits(...found)) return;
      client.off(name, hear as never);
      resolve(found);
    };
    client.on(name, hear as never);
  });
}
