/** XEP-0202 Entity Time, version 2.0: §3. */
import { childText, element } from '../codec.ts';
import { stamp } from './0082-stamps.ts';

export const TIME = 'urn:xmpp:time';

/** Empty: the question. `zone`: the offset from UTC, `utc`: the moment. */
export const time = element(TIME, 'time', { zone: childText('tzo'), utc: childText('utc', stamp) });
