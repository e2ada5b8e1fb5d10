/** Stanza errors (RFC 6120 §8.3), written and read. */
import { child, children, textOf } from '../xml/query.ts';
import { write, type Xml, xml } from '../xml/writer.ts';
import type { Stanza } from './stanza.ts';

export const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

/** RFC 6120 §8.3.3. */
export const conditions: ReadonlySet<string> = new Set([
  'bad-request',
  'conflict',
  'feature-not-implemented',
  'forbidden',
  'gone',
  'internal-server-error',
  'item-not-found',
  'jid-malformed',
  'not-acceptable',
  'not-allowed',
  'not-authorized',
  'policy-violation',
  'recipient-unavailable',
  'redirect',
  'registration-required',
  'remote-server-not-found',
  'remote-server-timeout',
  'resource-constraint',
  'service-unavailable',
  'subscription-required',
  'undefined-condition',
  'unexpected-request',
]);

export interface StanzaError {
  /** 'cancel', 'modify', 'auth', 'wait' or 'continue'. */
  readonly type: string;
  /** A defined condition. */
  readonly condition: string;
  /** For the person who asked. */
  readonly text?: string;
  /** The language of `text`. */
  readonly lang?: string;
  /** Where to ask instead, for `gone` and `redirect` (§8.3.3.5, §8.3.3.14). */
  readonly uri?: string;
  /** Who found the error, where that is not who was addressed (§8.3.1). */
  readonly by?: string;
}

/** `<error/>` with the one defined condition first, then the text, then an application-specific element (§8.3.2). */
export function writeError({ type, condition, text, lang = 'en', by, uri }: StanzaError, detail?: Xml): Xml {
  const defined = write({ name: condition, ns: STANZAS, attrs: {}, children: uri === undefined ? [] : [uri] });
  const sentence =
    text === undefined
      ? undefined
      : xml`<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas' xml:lang=${lang}>${text}</text>`;
  return xml`<error by=${by} type=${type}>${defined}${sentence}${detail}</error>`;
}

/** What an error stanza says; a stanza of type 'error' without a readable error says 'undefined-condition'. undefined: it is no error. */
export function readError(stanza: Pick<Stanza, 'type' | 'el'>): StanzaError | undefined {
  if (stanza.type !== 'error') return undefined;
  const error = child(stanza.el, 'error');
  if (error === undefined) return { type: 'cancel', condition: 'undefined-condition' };
  const condition = children(error, undefined, STANZAS).find(({ name }) => conditions.has(name));
  const text = child(error, 'text', STANZAS);
  const { type = 'cancel' } = error.attrs;
  return {
    type,
    condition: condition?.name ?? 'undefined-condition',
    ...(text !== undefined && { text: textOf(text) }),
  };
}
