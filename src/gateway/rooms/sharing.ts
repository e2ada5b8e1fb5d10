/** A room of an account that serves several people: they speak in it, and what else is done by the account is its owner's to do (src/design/shared-accounts.md). */
import { GatewayError } from '../../core/errors.ts';
import { isShared } from '../labels.ts';
import { partnerOf } from '../talks.ts';
import type { RoomFeature } from './feature.ts';
import { bareOf } from './room.ts';

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

/** What was said is the one account's, whoever said it: the network could not tell whose it is to correct, nor who reacted. */
export const sharing: RoomFeature = {
  checks({ context }, room, intent, origin) {
    const { account, isPlumbed } = context;
    const from = bareOf(origin.from);
    if (!isShared(account.on)) return;
    if (room === undefined && intent.kind === 'send') mayTalk(partnerOf(context, intent.chat), from, account.owner);
    if (from === account.owner) return;
    if (isPlumbed?.(from) === true && ofMuc.has(intent.kind)) return;
    const speaks = intent.kind === 'send' && intent.privately === undefined;
    if (speaks || intent.kind === 'join' || intent.kind === 'leave') return;
    throw new GatewayError('not-permitted', {
      text: 'By a shared account you can speak in its rooms; only its operator can do more with it',
    });
  },
};
