/** XEP-0066 Out of Band Data, version 1.5: §3, an address beside a message. */
import { childText, element } from '../codec.ts';

export const OOB = 'jabber:x:oob';

export const oob = element(OOB, 'x', { url: childText('url'), desc: childText('desc') });
