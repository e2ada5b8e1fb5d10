/** A room of an account that serves several people: they speak in it, and what else is done by the account is its owner's to do (src/design/shared-accounts.md). */
import type { Session } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import type { DurableIntent } from '../../core/intent.ts';
import { bareOf } from '../../core/jids.ts';
import { isShared } from '../labels.ts';
import { isOffered, moreThanSpeaking } from '../speakers.ts';
import { partnerOf } from '../talks.ts';
import type { RoomFeature } from './feature.ts';
import type { Room } from './room.ts';

/** A plumbing knows by itself who said what in its MUC. */
const ofMuc: ReadonlySet<string> = new Set(['edit', 'retract', 'topic']);

/** To one person. */
function mayTalk(partner: string, from: string, owner: string): void {
  if (partner === from) return;
  if (from === owner)
    throw new GatewayError('not-permitted', {
      text: 'Somebody whom this shared account admits talks with this person: they have both agreed to that',
    });
  throw new GatewayError('not-permitted', {
    text: 'You can talk with this person when both of you have agreed to it: run the command "talk" at this address',
  });
}

/** What anybody may do in its rooms who is admitted. Whether it is their own message is looked for when it is tried (`speakers.ts`). */
function mayGuest(intent: DurableIntent, room: Room | undefined, session: Session | undefined): boolean {
  switch (intent.kind) {
    case 'join':
    case 'leave':
      return true;
    case 'send':
      return intent.privately === undefined;
    case 'edit':
      return room !== undefined && intent.privately === undefined && isOffered('edit', session);
    case 'retract':
      return room !== undefined && intent.privately === undefined && !intent.moderates && isOffered('retract', session);
    default:
      return false;
  }
}

/** What was said is the one account's on the network, whoever said it; here it is theirs alone who did. */
export const sharing: RoomFeature = {
  checks({ context, session }, room, intent, origin) {
    const { account, isPlumbed } = context;
    const from = bareOf(origin.from);
    if (!isShared(account.on)) return;
    if (room === undefined && intent.kind === 'send') mayTalk(partnerOf(context, intent.chat), from, account.owner);
    if (from === account.owner) return;
    if (isPlumbed?.(from) === true && ofMuc.has(intent.kind)) return;
    if (mayGuest(intent, room, session)) return;
    if (intent.kind === 'react')
      throw new GatewayError('not-permitted', {
        text: 'All reactions of a shared account are one on its network, which could not tell whose it is: only its operator reacts by it',
      });
    throw moreThanSpeaking();
  },
};
