/** XEP-0359 Unique and Stable Stanza IDs, version 0.7.0: §2, the id that an entity gave (`by`) and the one that the sender gave. */
import { attr, element } from '../codec.ts';

export const STANZA_IDS = 'urn:xmpp:sid:0';

export const stanzaId = element(STANZA_IDS, 'stanza-id', { id: attr('id'), by: attr('by') });
export const originId = element(STANZA_IDS, 'origin-id', { id: attr('id') });
