/** XEP-0184 Message Delivery Receipts, version 1.4.0: §7, the request and the receipt. */
import { attr, element } from '../codec.ts';

export const RECEIPTS = 'urn:xmpp:receipts';

/** `id`: of the message that has arrived. */
export const receipt = element(RECEIPTS, 'received', { id: attr('id') });
