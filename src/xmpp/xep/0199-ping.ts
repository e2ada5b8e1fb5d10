/** XEP-0199 XMPP Ping, version 2.0.1: §4. */
import { element } from '../codec.ts';

export const PING = 'urn:xmpp:ping';

export const ping = element(PING, 'ping', {});
