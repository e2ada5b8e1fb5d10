/** XEP-0249 Direct MUC Invitations, version 1.2: §2. */
import { attr, element, optionalAttr, truth } from '../codec.ts';

export const CONFERENCE = 'jabber:x:conference';

export const directInvitation = element(CONFERENCE, 'x', {
  jid: attr('jid'),
  password: optionalAttr('password'),
  reason: optionalAttr('reason'),
  continue: optionalAttr('continue', truth),
  thread: optionalAttr('thread'),
});
