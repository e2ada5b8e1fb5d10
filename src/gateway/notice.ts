/** What the gateway itself says to somebody, unasked. */
import { xml } from '../xml/writer.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';

/** A line of chat from the domain to all clients of a person. @param owner bare JID */
export const tellOwner = (domain: string, owner: string, text: string): Outgoing => ({
  kind: 'message',
  type: 'chat',
  from: domain,
  to: [owner],
  body: xml`<body>${text}</body>`,
  keep: true,
});
