/** What an edge hands on late: what workers said while no edge, or no server, was there gets the time at which it was said (XEP-0203, CHECKLIST 114-54). */
import type { Clock } from '../bridge/contract.ts';
import { blanksBehind } from '../xml/blanks.ts';
import { parseStanzas } from '../xml/document.ts';
import type { Element } from '../xml/element.ts';
import { write } from '../xml/writer.ts';
import { DELAY, delay } from '../xmpp/xep/0203-delay.ts';

/** Between a worker's journal and the stream lie milliseconds; beyond this something was away. */
const lateMs = 2_000;

/** Rendered stanzas and when they were said (epoch milliseconds), as they are to be sent now. */
export function createLate(domain: string, clock: Pick<Clock, 'now'>): (text: string, at: number) => string {
  const isSaid = ({ name, children }: Element): boolean =>
    name === 'message' &&
    children.some((child) => typeof child !== 'string' && child.name === 'body') &&
    !children.some((child) => typeof child !== 'string' && child.ns === DELAY);

  const stamped = (text: string, at: number): string => {
    const when = delay.toElement({ from: domain, stamp: new Date(at), reason: '' });
    const stanzas = parseStanzas(text).map(
      (stanza) => write(isSaid(stanza) ? { ...stanza, children: [...stanza.children, when] } : stanza).text,
    );
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
      return stamped(text, at);
    } catch {
      // Whatever stands behind it would wait for ever: rather without its time.
      return text;
    }
  };
}
