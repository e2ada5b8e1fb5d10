/** XEP-0184 Message Delivery Receipts, version 1.4.0: §7, the request and the receipt. */
export const RECEIPTS = 'urn:xmpp:receipts';
