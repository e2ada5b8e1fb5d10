/** XEP-0012 Last Activity, version 2.0: §3, how long somebody has been idle; §4, how long a service has been running. */
import { element, optionalAttr, text, whole } from '../codec.ts';

export const LAST = 'jabber:iq:last';

/** Without `seconds`: the question. */
export const lastActivity = element(LAST, 'query', { seconds: optionalAttr('seconds', whole), status: text() });
