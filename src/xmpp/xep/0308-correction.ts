/** XEP-0308 Last Message Correction, version 1.2.1: §3, a message in the place of another, which is named by the `id` of its first version. */
import { attr, element } from '../codec.ts';

export const CORRECTION = 'urn:xmpp:message-correct:0';

export const replace = element(CORRECTION, 'replace', { id: attr('id') });
