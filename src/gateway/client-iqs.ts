/** What we ask clients by iq (XEP-0199 §4), and how an answer is read, whatever was asked. */
import type { Element } from '../xml/element.ts';
import { firstChild } from '../xml/query.ts';
import { type Xml, xml } from '../xml/writer.ts';
import { readError } from '../xmpp/error.ts';
import type { Outgoing, Stanza } from './face.ts';

/** A question to one client, without its id. */
export interface ClientIq {
  /** By whose address it is asked, so that the answer finds its way back to the account. */
  readonly from: string;
  /** A full JID; a bare one or a domain for what servers answer. */
  readonly to: string;
  /** Absent: 'get'. */
  readonly type?: 'get' | 'set';
  readonly payload: Xml;
}

/** The answer to one. */
export interface IqAnswer {
  readonly id: string;
  /** A full JID. */
  readonly from: string;
  /** Of a result that has any. */
  readonly payload?: Element;
  /** Of an error (RFC 6120 §8.3.3). */
  readonly condition?: string;
}

export const pingPayload = xml`<ping xmlns='urn:xmpp:ping'/>`;

/** As it is sent. */
export const clientRequest = ({ from, to, type = 'get', payload }: ClientIq, id: string): Outgoing => ({
  kind: 'iq',
  from,
  to: [to],
  type,
  id,
  body: payload,
});

/** What an iq result or error says to whoever asked; undefined: it is none. */
export function iqAnswer({ kind, type, id, from, el }: Stanza): IqAnswer | undefined {
  if (kind !== 'iq' || id === undefined || (type !== 'result' && type !== 'error')) return undefined;
  return { id, from: from.full, ...iqOutcome(el) };
}

/** The same of one that is no stanza of its own. */
export function iqOutcome(iq: Element): Pick<IqAnswer, 'payload' | 'condition'> {
  if (iq.attrs.type === 'result') {
    const payload = firstChild(iq);
    return payload === undefined ? {} : { payload };
  }
  return { condition: readError({ type: 'error', el: iq })?.condition ?? 'undefined-condition' };
}
