/** Bots that people add to the gateway, in-band (XEP-0077), as clients without commands do. */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { show } from '../markup.ts';
import { until } from '../process.ts';
import type { XmppClient } from '../xmpp-client.ts';
import type { FakeDiscord } from './server.ts';
import type { Application } from './state.ts';

/** What the gateway answers to that token. */
export function offersToken(client: Pick<XmppClient, 'ask'>, domain: string, token: string): Promise<Element> {
  const field = `<field var='token'><value>${token}</value></field>`;
  const query = `<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>${field}</x></query>`;
  return client.ask(`<iq type='set' to='${domain}'>${query}</iq>`);
}

/** The gateway has taken that bot. */
export async function registersBot(
  client: Pick<XmppClient, 'ask'>,
  domain: string,
  bot: Pick<Application, 'token'>,
): Promise<void> {
  const answer = await offersToken(client, domain, bot.token ?? '');
  expect([show(answer), answer.attrs.type]).toEqual([show(answer), 'result']);
}

/** That bot's session at Discord's gateway, where there is a line to it. */
export const sessionOf = ({ connections }: Pick<FakeDiscord, 'connections'>, bot: Application) =>
  [...connections].map(({ session }) => session).find((one) => one?.application === bot);

/** The bot is on line, and knows its guilds. */
export async function isThere(discord: Pick<FakeDiscord, 'connections' | 'heeded'>, bot: Application): Promise<void> {
  await until('the bot is there', () => sessionOf(discord, bot) !== undefined, 20_000);
  await discord.heeded(bot);
}

/** The bot is registered, and there. */
export async function comesWithBot(
  client: Pick<XmppClient, 'ask'>,
  domain: string,
  discord: Pick<FakeDiscord, 'connections' | 'heeded'>,
  bot: Application,
): Promise<void> {
  await registersBot(client, domain, bot);
  await isThere(discord, bot);
}
