/** Who a token belongs to, as Discord says: the bot and its application. */
import type { APIApplication, APIUser } from 'discord.js';
import { GatewayError } from '#bridge';
import { notABots } from './credentials.ts';
import { asked, codeOf } from './refusals.ts';
import type { Rest } from './rest.ts';

export interface Identity {
  readonly user: APIUser;
  readonly application: { readonly id: string; readonly name: string; readonly flags: number | undefined };
}

/** Rejects with `login-refused` where Discord does not take the token as a bot's. */
export async function identify(rest: Rest, signal: AbortSignal): Promise<Identity> {
  const user = (await asked(rest.get('/users/@me', { signal }).catch(notTaken), signal)) as Partial<APIUser>;
  if (!isUser(user)) throw new GatewayError('network-away', { text: 'Discord cannot be reached.' });
  // Compatible servers may let people in by the same way.
  if (user.bot !== true) throw notABots();
  const application = (await asked(rest.get('/applications/@me', { signal }), signal)) as Partial<APIApplication>;
  const { id = user.id, name = user.username, flags } = application;
  return { user, application: { id, name, flags } };
}

/** A proxy may answer in the place of Discord: that says nothing of the token. */
const isUser = (answer: Partial<APIUser>): answer is APIUser => typeof answer.id === 'string';

function notTaken(error: unknown): never {
  const isRefused = typeof error === 'object' && error !== null && 'status' in error && error.status === 401;
  throw isRefused && codeOf(error) !== undefined ? notABots() : error;
}

/** Where somebody who runs a guild takes the bot in, with the permissions that the bridge has a use for. */
export const invitationOf = (application: string): string =>
  `https://discord.com/oauth2/authorize?client_id=${application}&scope=bot&permissions=${permissionsAsked}`;

/** View, send (in threads too), embed, attach, read the past, react, manage messages, webhooks and threads, kick, ban, time out, see who did so. */
const permissionsAsked = [1, 2, 6, 7, 10, 11, 13, 14, 15, 16, 29, 34, 38, 40]
  .reduce((bits, one) => bits | (1n << BigInt(one)), 0n)
  .toString();
