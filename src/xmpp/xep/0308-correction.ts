/** XEP-0308 Last Message Correction, version 1.2.1: §3, this message stands in that one's place. */
import { attr, element } from '../codec.ts';

export const CORRECTION = 'urn:xmpp:message-correct:0';

/** `id`: of the first version, however often it was corrected since (CHECKLIST 308-02). */
export const replace = element(CORRECTION, 'replace', { id: attr('id') });
