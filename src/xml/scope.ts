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

/** What a prefix stands for; throws where nothing declares it. */
export function resolvePrefix(prefix: string, scope: Binding | undefined): string {
  if (prefix === 'xml') return XML_NS;
  for (let one = scope; one !== undefined; one = one.outer) if (one.prefix === prefix) return one.ns;
  throw new XmlError('bad-namespace-prefix', 'prefix that nothing declares');
}

/** Throws where a declaration is one that Namespaces in XML 1.0 §3 forbids. Prefix '' is the default namespace. */
export function assertBindable(prefix: string, ns: string): void {
  const reserved = prefix === 'xmlns' || ns === XMLNS_NS || (prefix === 'xml') !== (ns === XML_NS);
  if (reserved || (prefix !== '' && ns === ''))
    throw new XmlError('bad-namespace-prefix', 'declaration that is reserved');
}
