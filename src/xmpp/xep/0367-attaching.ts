/** XEP-0367 Message Attaching, version 0.3: §3, a message that belongs to an earlier one. */
import { attr, element } from '../codec.ts';

export const attachTo = element('urn:xmpp:message-attaching:1', 'attach-to', { id: attr('id') });
