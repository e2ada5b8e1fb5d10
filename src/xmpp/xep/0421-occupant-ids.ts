/** XEP-0421 Occupant identifiers for semi-anonymous MUCs, version 1.0.1: §4. */
import { attr, element } from '../codec.ts';

export const OCCUPANT_ID = 'urn:xmpp:occupant-id:0';

export const occupantId = element(OCCUPANT_ID, 'occupant-id', { id: attr('id') });
