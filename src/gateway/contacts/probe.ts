/** A contact asks how its user is (RFC 6121 §4.3.1). */
import { empty } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';

/** The user's server answers for every client; to whoever may not see them with `unsubscribed`. */
export const probe = (contact: string, user: string): Outgoing => ({
  kind: 'presence',
  type: 'probe',
  from: contact,
  to: [user],
  body: empty,
});
