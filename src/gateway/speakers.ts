/** Whose words they are where one account speaks for several people (src/design/shared-accounts.md): they alone may correct them, and they or its owner take them back. */
import type { Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { bareOf } from '../core/jids.ts';
import type { FaceContext } from './face.ts';
import { isShared } from './labels.ts';
import type { Known } from './refs.ts';

type Deed = Extract<DurableIntent, { kind: 'edit' | 'retract' }>;
type Context = Pick<FaceContext, 'account' | 'occupantId' | 'isPlumbed'>;

/** Clients find what is corrected by the `id` of its stanza alone, and all that the account says comes from one occupant. */
export const ambiguous = (): GatewayError =>
  new GatewayError('not-permitted', {
    text: 'Somebody else here gave a message the same id: clients could take your correction for one of theirs',
  });

/** What whoever is admitted may do, said to who wanted more. */
export const moreThanSpeaking = (): GatewayError =>
  new GatewayError('not-permitted', {
    text: 'By a shared account you can speak in its rooms and, where its network can do that, correct and take back what you said; only its operator can do more with it',
  });

/**
 * Who says it by a shared account, as it is kept with the message: made of their bare JID with the gateway's key, so that the past tells nobody's address
 * and there is nothing in it to be deleted with somebody's data. undefined: all that the account says is its owner's.
 */
export const authorOf = ({ account, occupantId }: Context, { from }: Pick<Origin, 'from'>): string | undefined =>
  // No room is called so.
  isShared(account.on) ? occupantId(`those for whom ${account.id} speaks`, bareOf(from)) : undefined;

/** Is it somebody who speaks by an account that is another's, and knows of no more than their own words? */
export function isGuest({ account, isPlumbed }: Context, { from }: Pick<Origin, 'from'>): boolean {
  const bare = bareOf(from);
  return isShared(account.on) && bare !== account.owner && isPlumbed?.(bare) !== true;
}

const capability = { edit: 'edits', retract: 'retractions' } as const;
const notTheirs = {
  edit: 'Only your own messages can be corrected',
  retract: 'Only your own messages can be retracted',
} as const;

/** Can that network do it? Not known while there is no session. */
export const isOffered = (kind: Deed['kind'], session: Session | undefined): boolean =>
  session === undefined || session[capability[kind]] !== undefined;

/**
 * Throws the GatewayError due where it is done to words that are not theirs.
 * @param known the message that is meant; undefined: nobody knows of it
 * @param namesakes all of the account's messages that bear the name by which it was meant
 */
export function mustBeTheirs(
  context: Context,
  session: Session | undefined,
  { intent, origin }: { readonly intent: Deed; readonly origin: Origin },
  known: Known | undefined,
  namesakes: readonly Known[],
): void {
  const { kind } = intent;
  const author = authorOf(context, origin);
  if (author === undefined || (kind === 'retract' && intent.moderates === true)) return;
  const guest = isGuest(context, origin);
  if (guest && !isOffered(kind, session)) throw moreThanSpeaking();
  if (known === undefined) {
    if (guest) throw new GatewayError('no-such-message', { text: 'This message is too old, or was never seen here' });
    return;
  }
  const isOwnersToTakeBack = kind === 'retract' && bareOf(origin.from) === context.account.owner;
  const isTheirs = (one: Known): boolean => one.author === author || (one.author === undefined && !guest);
  if (!isOwnersToTakeBack && !isTheirs(known)) throw new GatewayError('not-permitted', { text: notTheirs[kind] });
  if (kind === 'edit' && !namesakes.every(isTheirs)) throw ambiguous();
}
