/** The gateway's own presence, and subscriptions to it: accepted from whoever may use us, and asked for in return. */
import type { GatewayError } from '../../core/errors.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { addedAgain, takenOut } from '../as-contact.ts';
import { atResource } from '../contacts/addresses.ts';
import { introduction } from '../contacts/introduction.ts';
import type { Decoded } from '../face.ts';
import { wordsOf } from '../translation.ts';
import { answer, ignored, mail } from './answers.ts';
import { deskOf } from './iq-commands.ts';
import type { Scope } from './scope.ts';

/** What an available presence of the service holds: its capabilities, as they are at the moment. */
export interface ServicePresence {
  body(): Xml;
}

/** What concerns a subscription comes from the address without resource and is for the account, whatever its client (RFC 6121 §3.1). */
export const presence = (stanza: Stanza, type: string | undefined, body: Xml = empty): Outgoing => ({
  kind: 'presence',
  from: type === undefined || type === 'unavailable' ? atResource(stanza.to.bare) : stanza.to.bare,
  to: [type === undefined ? stanza.from.full : stanza.from.bare],
  ...(type !== undefined && { type }),
  body,
});

/** A request for a subscription is turned down, and why (ROS-02). The request's id comes back. */
export function declined({ options }: Scope, stanza: Stanza, why: GatewayError): Outgoing {
  const { text, lang } = wordsOf(why, stanza.lang, options.translate);
  const body = text === undefined ? empty : xml`<status>${text}</status>`;
  return {
    ...presence(stanza, 'unsubscribed', body),
    ...(stanza.id !== undefined && { id: stanza.id }),
    ...(lang !== undefined && { lang }),
  };
}

/** Another service that answers presence with presence must not be answered for ever (GEN-12): people have a localpart, their clients a resource. */
const isPerson = ({ from }: Stanza): boolean => from.local !== '';
const isClient = ({ from }: Stanza): boolean => from.local !== '' && from.resource !== '';

/** Where only a login makes an account, having the gateway among one's contacts is being logged in (CHECKLIST 100-42); elsewhere rooms and contacts are. */
function concernsLogins(scope: Scope, stanza: Stanza, does: typeof takenOut, besides: readonly Outgoing[]): Decoded {
  const { registration, takesLogins } = scope.options;
  if (registration !== 'required' || takesLogins !== true) return answer(...besides);
  const account = scope.key(stanza.from, undefined);
  return { is: 'question', account, stanza, question: (asking) => does(stanza, deskOf(asking)), besides };
}

/** The request's id comes back with its acceptance. */
function accept(scope: Scope, stanza: Stanza, service: ServicePresence): Decoded {
  const { options } = scope;
  const accepted = { ...presence(stanza, 'subscribed'), ...(stanza.id !== undefined && { id: stanza.id }) };
  const asks = presence(stanza, 'subscribe', introduction(options.about.name, stanza.lang));
  return concernsLogins(scope, stanza, addedAgain, [accepted, presence(stanza, undefined, service.body()), asks]);
}

/** What its user's client shows is for the account, where people have one with the network (CHECKLIST 100-14). */
const concernsAccount = ({ options, allows }: Scope, stanza: Stanza): boolean =>
  options.registration === 'required' && allows(stanza.from) && isClient(stanza);

/**
 * What its user's client shows, to us or to everybody: where the server tells us of all of its users (356-30), whoever has us in their contacts is answered when their server probes us,
 * and nobody else is.
 */
function shown(scope: Scope, stanza: Stanza, service: ServicePresence): Decoded {
  if (!scope.allows(stanza.from) || !isClient(stanza)) return ignored;
  if (scope.options.overhears?.(stanza.from.bare) !== true) return here(scope, stanza, service);
  return concernsAccount(scope, stanza) ? mail(scope, stanza, {}) : ignored;
}

/** It is here; an account that the network does not let in knows better, and says so behind it. */
function here(scope: Scope, stanza: Stanza, service: ServicePresence): Decoded {
  const told = presence(stanza, undefined, service.body());
  if (scope.options.registration !== 'required') return answer(told);
  return { is: 'mail', account: scope.key(stanza.from, undefined), stanza, besides: [told] };
}

/** Subscriptions, probes, and what its user's clients show. */
export function toService(scope: Scope, stanza: Stanza, service: ServicePresence): Decoded {
  const allowed = scope.allows(stanza.from);
  switch (stanza.type) {
    case undefined:
      return shown(scope, stanza, service);
    case 'unavailable':
      return concernsAccount(scope, stanza) ? mail(scope, stanza, {}) : ignored;
    case 'probe':
      if (!isPerson(stanza)) return ignored;
      return allowed ? here(scope, stanza, service) : answer(presence(stanza, 'unsubscribed'));
    case 'subscribe':
      if (!isPerson(stanza)) return ignored;
      return allowed ? accept(scope, stanza, service) : answer(declined(scope, stanza, scope.denial(stanza.from)));
    case 'unsubscribe':
      if (!isPerson(stanza)) return ignored;
      return concernsLogins(scope, stanza, takenOut, [presence(stanza, 'unavailable')]);
    default:
      return ignored;
  }
}
