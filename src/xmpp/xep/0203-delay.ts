/** XEP-0203 Delayed Delivery, version 2.0: §2, when something was really said, and who kept it. */
import { attr, element, optionalAttr, text } from '../codec.ts';
import { stamp } from './0082-stamps.ts';

export const DELAY = 'urn:xmpp:delay';

export const delay = element(DELAY, 'delay', {
  from: optionalAttr('from'),
  stamp: attr('stamp', stamp),
  reason: text(),
});
