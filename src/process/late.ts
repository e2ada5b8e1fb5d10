/** What an edge hands on late: what workers said while no edge, or no server, was there gets the time at which it was said (XEP-0203, CHECKLIST 114-54). */
import type { Clock } from '../bridge/contract.ts';
import { parseFragment } from '../xml/document.ts';
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

  return (text, at) => {
    if (clock.now() - at < lateMs) return text;
    const when = delay.toElement({ from: domain, stamp: new Date(at), reason: '' });
    return parseFragment(text)
      .map((node) =>
        typeof node === 'string' ? node : isSaid(node) ? { ...node, children: [...node.children, when] } : node,
      )
      .map((node) => (typeof node === 'string' ? node : write(node).text))
      .join('');
  };
}
