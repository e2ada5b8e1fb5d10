/** Presence: joining (XEP-0045 §7.2), what concerns a room's face, and the service's own (XEP-0100 §4). */
import { GatewayError } from '../../core/errors.ts';
import type { HistoryWish } from '../../core/intent.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type MucJoin, mucJoin } from '../../xmpp/xep/0045-muc.ts';
import { exampleLocal } from '../example-room.ts';
import type { Decoded } from '../face.ts';
import { isShared, sharedName } from '../labels.ts';
import { shownIn } from '../shown.ts';
import { answer, deny, ignored, isJoin, mail, originOf } from './answers.ts';
import { toContact } from './contact-presence.ts';
import { refuse } from './refuse.ts';
import type { Scope, Target } from './scope.ts';
import { presence, type ServicePresence, toService } from './subscriptions.ts';

type RoomTarget = Extract<Target, { is: 'room' }>;

function historyWish({ history }: MucJoin): HistoryWish | undefined {
  if (history === undefined) return undefined;
  const { maxchars, maxstanzas, seconds, since } = history;
  return {
    ...(maxchars !== undefined && { maxChars: maxchars }),
    ...(maxstanzas !== undefined && { maxStanzas: maxstanzas }),
    ...(seconds !== undefined && { seconds }),
    ...(since !== undefined && { since: since.getTime() }),
  };
}

function join(scope: Scope, stanza: Stanza, target: RoomTarget): Decoded {
  const nick = stanza.to.resource;
  if (nick === '') {
    const text = 'Say which nick you want: room@service/nick';
    return answer(deny(stanza, { type: 'modify', condition: 'jid-malformed', text }));
  }
  if (!scope.allows(stanza.from)) return answer(...refuse(stanza, scope.denial(stanza.from)));
  if (target.barred !== undefined) return answer(...refuse(stanza, target.barred, scope.options.translate));
  if (nick.trim() === '') {
    return answer(...refuse(stanza, new GatewayError('bad-nick', { text: 'A nick needs something visible' })));
  }
  const wishes = mucJoin.in(stanza.el);
  const history = wishes === undefined ? undefined : historyWish(wishes);
  const { show, status } = shownIn(stanza.el);
  const { options } = scope;
  return {
    is: 'durable',
    account: scope.key(stanza.from, target.on),
    intent: {
      kind: 'join',
      chat: target.chat,
      // One occupant stands for all whom the account admits.
      nick: isShared(target.on) ? sharedName(target.on) : nick,
      ...(wishes?.password !== undefined && { password: wishes.password }),
      ...(history !== undefined && { history }),
      ...(show !== 'online' && { show }),
      ...(status !== undefined && { status }),
    },
    origin: { ...originOf(stanza, 'presence', scope), at: (options.moment ?? options.now)() },
    opens: true,
  };
}

/** Presence without `<x/>` is an update, a change of nick or a client that believes to be in: the face knows (CHECKLIST 45-25). */
function toRoom(scope: Scope, stanza: Stanza, target: RoomTarget): Decoded {
  switch (stanza.type) {
    case undefined:
      if (isJoin(stanza)) return join(scope, stanza, target);
      return stanza.to.resource === '' ? ignored : mail(scope, stanza, target);
    case 'unavailable':
      return stanza.to.resource === '' ? ignored : mail(scope, stanza, target);
    case 'error':
      return mail(scope, stanza, target);
    case 'subscribe':
      return answer(presence(stanza, 'unsubscribed'));
    default:
      return ignored;
  }
}

/** What a presence means. Only an attempt to join is ever refused; anything else that fits nothing is ignored. */
export function decodePresence(scope: Scope, stanza: Stanza, service: ServicePresence): Decoded {
  const target = scope.target(stanza.to);
  if (target === undefined) return isJoin(stanza) ? answer(...refuse(stanza, badRoom(scope))) : ignored;
  switch (target.is) {
    case 'room':
      return toRoom(scope, stanza, target);
    case 'gateway':
      return isJoin(stanza) ? answer(...refuse(stanza, badRoom(scope))) : toService(scope, stanza, service);
    case 'server':
    case 'contact':
      return isJoin(stanza) ? answer(...refuse(stanza, badRoom(scope, target.on))) : toContact(scope, stanza, target);
    default:
      return target satisfies never;
  }
}

/** @param on the server that was joined in place of one of its rooms: clients which browse take it for a room */
function badRoom({ options: { addresses, domain } }: Scope, on?: string): GatewayError {
  const example = `${exampleLocal(addresses, on)}@${domain}`;
  return new GatewayError('no-such-room', {
    text: `There is no such room here; the address of a room is written like this: ${example}`,
  });
}
