/** What is kept of a login: the bot's token. A person's is no login here, whatever it may open. */
import { z } from 'zod';
import { GatewayError } from '#bridge';

export const discordCredentials = z.strictObject({ token: z.string().min(1).max(200) });
export type DiscordCredentials = z.infer<typeof discordCredentials>;

/** As bots' tokens are made: an id, a time and a signature. Compatible servers have others of that alphabet. */
const shape = /^[\w-]+(?:\.[\w-]+){2}$/;

/** As people copy it from the portal, or from some program's settings. Throws `login-refused` where it can be no bot's; what it says never has the token. */
export function botToken(typed: string): string {
  const token = typed.trim().replace(/^Bot\s+/i, '');
  if (/^mfa\.|^Bearer\s/i.test(token)) throw notABots();
  if (!shape.test(token)) throw new GatewayError('login-refused', { text: 'This is not the token of a bot.' });
  return token;
}

/** Discord ends accounts of people that programs act for. */
export const notABots = (): GatewayError =>
  new GatewayError('login-refused', {
    text: 'Discord does not take this as the token of a bot. Tokens of people are not used here: Discord forbids programs that act as a person, and closes such accounts.',
  });
