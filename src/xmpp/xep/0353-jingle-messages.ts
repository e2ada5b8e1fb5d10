/** XEP-0353 Jingle Message Initiation, version 0.8.0: that somebody is called (§3.1), and that they do not take the call (§3.5). */
import { attr, child, element, flag } from '../codec.ts';

export const JINGLE_MESSAGES = 'urn:xmpp:jingle-message:0';

/** XEP-0166 §7.4. */
export const reason = element('urn:xmpp:jingle:1', 'reason', { isUnsupported: flag('unsupported-applications') });
export const proposal = element(JINGLE_MESSAGES, 'propose', { id: attr('id') });
export const rejection = element(JINGLE_MESSAGES, 'reject', { id: attr('id'), reason: child(reason) });
