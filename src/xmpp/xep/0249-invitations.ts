/** XEP-0249 Direct MUC Invitations, version 1.2: §2. */
import { attr, element, optionalAttr, type TypeOf, truth } from '../codec.ts';

export const CONFERENCE = 'jabber:x:conference';

export const directInvite = element(CONFERENCE, 'x', {
  jid: attr('jid'),
  password: optionalAttr('password'),
  reason: optionalAttr('reason'),
  continue: optionalAttr('continue', truth),
  thread: optionalAttr('thread'),
});
export type DirectInvite = TypeOf<typeof directInvite>;
