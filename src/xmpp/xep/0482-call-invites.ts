/** XEP-0482 Call Invites, version 0.1.0: that somebody is called (§2.1), and that they do not take the call (§2.4). */
import { attr, element } from '../codec.ts';

export const CALL_INVITES = 'urn:xmpp:call-invites:0';

export const invite = element(CALL_INVITES, 'invite', {});
/** As Dino has it, from before the first version that was published. */
export const propose = element(CALL_INVITES, 'propose', {});
export const reject = element(CALL_INVITES, 'reject', { id: attr('id') });
