/** What the gateway itself says to somebody, unasked. */
import type { GatewayError } from '../core/errors.ts';
import { xml } from '../xml/writer.ts';
import { writeError } from '../xmpp/error.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';

/** A line of chat from the domain to all clients of a person. @param owner bare JID. @param lang of the text */
export const tellOwner = (domain: string, owner: string, text: string, lang: string): Outgoing => ({
  kind: 'message',
  type: 'chat',
  from: domain,
  to: [owner],
  lang,
  body: xml`<body>${text}</body>`,
  keep: true,
});

/** That somebody could not be logged in (XEP-0100 §4.4.2, CHECKLIST 100-12): their login was refused, or the network could not be reached. */
export function notLoggedIn(from: string, owner: string, error: GatewayError): Outgoing {
  const why =
    error.code === 'login-refused'
      ? { type: 'auth', condition: 'not-authorized' }
      : { type: 'wait', condition: 'remote-server-timeout' };
  return { kind: 'presence', type: 'error', from, to: [owner], body: writeError({ ...why, text: error.message }) };
}
