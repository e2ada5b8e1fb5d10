/** What waits and what could not be delivered, over all accounts of somebody; requeued, it is looked after by whoever runs the account. */
import { accountsOf, type PersonalDataParts } from '../accounts/personal-data.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import type { DurableIntent } from '../core/intent.ts';
import { bareOf } from '../core/jids.ts';
import type { Deliveries, Undelivered } from '../gateway/commands/powers.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import type { DeadLetter } from '../storage/ports.ts';

export interface DeliveriesParts extends Pick<PersonalDataParts, 'domain' | 'accountStore' | 'outboxStore'> {
  wake(account: AccountId, chat: ChatId, afterMs: number): Promise<void>;
}

const aboutOf = (intent: DurableIntent): string =>
  'content' in intent ? (intent.content.text?.plain ?? intent.kind) : intent.kind;

function undeliveredOf(account: AccountId, { key, intent, at, reason, origin }: DeadLetter): Undelivered {
  const on = parseAccountId(account)?.on;
  const bytes = 'content' in intent ? Buffer.byteLength(intent.content.text?.plain ?? '') : 0;
  const about = aboutOf(intent);
  const sender = bareOf(origin.from);
  return { account, key, ...(on !== undefined && { on }), chat: intent.chat, at, reason, sender, bytes, about };
}

export function createDeliveries(parts: DeliveriesParts): Deliveries {
  const { domain, outboxStore, wake } = parts;
  return {
    async of(owner, max) {
      let waiting = 0;
      let failed = 0;
      const undelivered: Undelivered[] = [];
      for (const id of await accountsOf({ domain, owner }, parts)) {
        waiting += await outboxStore.size(id);
        failed += await outboxStore.deadSize(id);
        const letters = await outboxStore.deadLetters(id, max);
        undelivered.push(...letters.map((letter) => undeliveredOf(id, letter)));
      }
      return { waiting, failed, undelivered: undelivered.sort((a, b) => a.at - b.at).slice(0, max) };
    },
    async requeue({ account, key, chat }) {
      const done = await outboxStore.requeue(account, key);
      if (done) await wake(account, chat, 0);
      return done;
    },
    drop: ({ account, key }) => outboxStore.drop(account, key),
  };
}
