/** Namespaces in scope (Namespaces in XML 1.0): prefixes are a linked list, innermost first, so that an element without declarations costs nothing. */
import { XmlError } from './fault.ts';

export const XML_NS = 'http://www.w3.org/XML/1998/namespace';
export const XMLNS_NS = 'http://www.w3.org/2000/xmlns/';

/** One declared prefix. `outer`: what was in scope around it. */
export interface Binding {
  readonly prefix: string;
  readonly ns: string;
  readonly outer: Binding | undefined;
}

/** What a prefix stands for; undefined where nothing declares it. */
export function resolvePrefix(prefix: string, scope: Binding | undefined): string | undefined {
  if (prefix === 'xml') return XML_NS;
  for (let one = scope; one !== undefined; one = one.outer) if (one.prefix === prefix) return one.ns;
  return undefined;
}

/** What nothing declares has no namespace; throws where that is not to be. */
export function undeclared(mayBe: boolean): string {
  if (!mayBe) throw new XmlError('bad-namespace-prefix', 'prefix that nothing declares');
  return '';
}

/**
 * Throws where a declaration is one that Namespaces in XML 1.0 §3 forbids. Prefix '' is the default namespace. Another name than `xml` for its namespace is let
 * through: so Prosody and ejabberd pass on what somebody's client called `xml:…`.
 */
export function assertBindable(prefix: string, ns: string): void {
  const reserved = prefix === 'xmlns' || ns === XMLNS_NS || (prefix === 'xml' && ns !== XML_NS);
  if (reserved || (prefix !== '' && ns === ''))
    throw new XmlError('bad-namespace-prefix', 'declaration that is reserved');
}
