/** XEP-0319 Last User Interaction in Presence, version 1.0.2: §2, since when somebody does nothing. */
import { attr, element } from '../codec.ts';
import { stamp } from './0082-stamps.ts';

export const IDLE = 'urn:xmpp:idle:1';

export const idle = element(IDLE, 'idle', { since: attr('since', stamp) });
