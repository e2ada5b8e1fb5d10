/** What an edge hands on late: what workers said while no edge, or no server, was there gets the time at which it was said (XEP-0203, CHECKLIST 114-54). */
import type { Clock } from '../bridge/contract.ts';
import { blanksBehind } from '../xml/blanks.ts';
import { stamped } from './stamping.ts';

/** Between a worker's journal and the stream lie milliseconds; beyond this something was away. */
const lateMs = 2_000;

/** Rendered stanzas and when they were said (epoch milliseconds), as they are to be sent now. */
export function createLate(domain: string, clock: Pick<Clock, 'now'>): (text: string, at: number) => string {
  const allStamped = (text: string, at: number): string => {
    const stanzas = stamped(text, domain, at).map((stanza) => stanza.text);
    const all = stanzas.join('');
    return (
      all +
      blanksBehind(
        all.length,
        stanzas.reduce((longest, { length }) => Math.max(longest, length), 0),
      )
    );
  };

  return (text, at) => {
    if (clock.now() - at < lateMs) return text;
    try {
      return allStamped(text, at);
    } catch {
      // Whatever stands behind it would wait for ever: rather without its time.
      return text;
    }
  };
}
