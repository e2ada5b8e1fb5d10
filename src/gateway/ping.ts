/** Our own pings to clients (XEP-0199 §4) and their answers. */
import { xml } from '../xml/writer.ts';
import type { Outgoing, Stanza } from './face.ts';

export const pingRequest = (from: string, to: string, id: string): Outgoing => ({
  kind: 'iq',
  from,
  to: [to],
  type: 'get',
  id,
  body: xml`<ping xmlns='urn:xmpp:ping'/>`,
});

/** What an iq result or error says to whoever asked; undefined: it is none. `condition`: the error's (RFC 6120 §8.3.3). */
export function iqAnswer({
  kind,
  type,
  id,
  from,
  el,
}: Stanza): { id: string; from: string; condition?: string } | undefined {
  if (kind !== 'iq' || id === undefined || (type !== 'result' && type !== 'error')) return undefined;
  if (type === 'result') return { id, from: from.full };
  const error = el.children.find((child) => typeof child !== 'string' && child.name === 'error');
  const defined = typeof error === 'object' ? error.children.find((child) => typeof child !== 'string') : undefined;
  return { id, from: from.full, condition: typeof defined === 'object' ? defined.name : 'undefined-condition' };
}
