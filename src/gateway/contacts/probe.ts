/** Asking how somebody is (RFC 6121 §4.3): a contact asks how its user is, and is asked. */
import { empty } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';

/** The user's server answers for every client; to whoever may not see them with `unsubscribed`. */
export const probe = (contact: string, user: string): Outgoing => ({
  kind: 'presence',
  type: 'probe',
  from: contact,
  to: [user],
  body: empty,
});

/** To whoever asks how somebody is who is not here: no resource of theirs is, so it is said of their address (§4.3.2, CHECKLIST PRE-04). */
export const notHere = ({ from, to }: Stanza): Outgoing => ({
  kind: 'presence',
  type: 'unavailable',
  from: to.bare,
  to: [from.full],
  body: empty,
});
