/** Nobody is connected there for whoever asks: why, and what they can do about it. */
import { GatewayError } from '../../core/errors.ts';
import { isShared } from '../labels.ts';
import type { Scope } from './scope.ts';

/** Accounts with a login stay connected: who has none there has not added one, or has logged out. That of others is theirs to see to. */
function why({ options: { about, addresses, registration } }: Scope, on: string | undefined): string {
  const where = on === undefined ? about.name : addresses.title({ is: 'service', on });
  if (isShared(on)) return `Not connected to ${where}`;
  if (registration === 'none') return `Not connected to ${where}: join a room there first`;
  return `You have no account on ${where} that is connected: write register to the gateway to add one, or login where you have logged out`;
}

/** To who asks something that only a connection can tell. */
export const notConnected = (scope: Scope, on: string | undefined): GatewayError =>
  new GatewayError('not-connected', { text: why(scope, on) });

/** To who sends something for which there is no account. */
export const notThere = (scope: Scope, on: string | undefined): GatewayError =>
  new GatewayError(scope.options.registration === 'none' || isShared(on) ? 'not-connected' : 'not-registered', {
    text: why(scope, on),
  });
