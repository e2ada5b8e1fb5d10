/** Presence to a person of the network, or to its server: subscriptions are accepted into the account's outbox, so that a contact outlives every restart (CHECKLIST 7.1, 8). */
import { chatId, theServer } from '../../core/ids.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Decoded } from '../face.ts';
import { answer, ignored, mail, originOf } from './answers.ts';
import type { Scope, Target } from './scope.ts';
import { declined } from './subscriptions.ts';

type ContactTarget = Extract<Target, { is: 'contact' | 'server' }>;

/** Services have no contacts (GEN-12). */
const isPerson = ({ from }: Stanza): boolean => from.local !== '';

function contact(scope: Scope, stanza: Stanza, target: ContactTarget, wanted: boolean): Decoded {
  return {
    is: 'durable',
    account: scope.key(stanza.from, target.on),
    intent: { kind: 'contact', chat: chatId(target.is === 'contact' ? target.person : theServer), wanted },
    origin: originOf(stanza, 'presence', scope),
    // Who may not use us, or not any more, can only take back what was granted once.
    opens: scope.allows(stanza.from),
  };
}

/** Whether a person of the network may see their user is worth something only to networks that ask (ROS-11, ROS-20). */
function seen(scope: Scope, stanza: Stanza, target: ContactTarget, may: boolean): Decoded {
  if (scope.options.keepsContacts !== true || target.is !== 'contact' || !scope.allows(stanza.from)) return ignored;
  return {
    is: 'durable',
    account: scope.key(stanza.from, target.on),
    intent: { kind: 'seen', chat: chatId(target.person), may },
    origin: originOf(stanza, 'presence', scope),
    opens: true,
  };
}

/** What somebody's presence to a contact means. */
export function toContact(scope: Scope, stanza: Stanza, target: ContactTarget): Decoded {
  if (!isPerson(stanza)) return ignored;
  switch (stanza.type) {
    case undefined:
    case 'unavailable':
    case 'probe':
      return mail(scope, stanza, target);
    case 'subscribe':
      if (!scope.allows(stanza.from)) return answer(declined(scope, stanza, scope.denial(stanza.from)));
      if (target.barred !== undefined) return answer(declined(scope, stanza, target.barred));
      return contact(scope, stanza, target, true);
    case 'unsubscribe':
      return contact(scope, stanza, target, false);
    case 'subscribed':
    case 'unsubscribed':
      return seen(scope, stanza, target, stanza.type === 'subscribed');
    default:
      return ignored;
  }
}
