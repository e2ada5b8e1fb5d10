/** XEP-0424 Message Retraction, version 0.4.2: §5.1, the retraction, and §5.2, what is left of the message. */
import { attr, childText, element, optionalAttr } from '../codec.ts';
import { stamp } from './0082-stamps.ts';

export const RETRACTION = 'urn:xmpp:message-retract:1';

export const retract = element(RETRACTION, 'retract', { id: attr('id'), reason: childText('reason') });
export const retracted = element(RETRACTION, 'retracted', {
  id: optionalAttr('id'),
  stamp: attr('stamp', stamp),
  reason: childText('reason'),
});
