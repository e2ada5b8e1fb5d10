/** A received stanza whose addresses are good (RFC 6120 §8.1). */
import type { Element, Node } from '../xml/element.ts';
import { type Jid, parseJid } from './jid.ts';

export interface Stanza {
  readonly kind: 'message' | 'presence' | 'iq';
  readonly from: Jid;
  readonly to: Jid;
  readonly id?: string;
  /** As written: '' and unknown values too. */
  readonly type?: string;
  /** `xml:lang` (RFC 6120 §8.1.5). */
  readonly lang?: string;
  readonly el: Element;
}

/** One content namespace under three names (CHECKLIST 114-40). */
export const isStanzaNamespace = (ns: string): boolean =>
  ns === 'jabber:component:accept' || ns === 'jabber:client' || ns === 'jabber:server';

/** Servers let a `<body xmlns='jabber:client'/>` be what it was on another stream: it is the stanza's own all the same. */
function inOneNamespace(el: Element): Element {
  for (const node of el.children) if (isStray(node, el.ns)) return brought(el);
  return el;
}

const brought = ({ ns, children, ...el }: Element): Element => ({
  ...el,
  ns,
  children: children.map((node) => (isStray(node, ns) ? { ...node, ns } : node)),
});

const isStray = (node: Node, ns: string): node is Element =>
  typeof node !== 'string' && node.ns !== ns && isStanzaNamespace(node.ns);

const kindOf = (name: string): Stanza['kind'] | undefined =>
  name === 'message' || name === 'presence' || name === 'iq' ? name : undefined;

/** undefined: no stanza, or `from` or `to` is missing or no JID; nobody can be answered then. */
export function readStanza(el: Element): Stanza | undefined {
  const kind = kindOf(el.name);
  const { from, to, id, type, 'xml:lang': lang } = el.attrs;
  if (kind === undefined || from === undefined || to === undefined || !isStanzaNamespace(el.ns)) return undefined;
  const sender = parseJid(from);
  const target = parseJid(to);
  if (sender === undefined || target === undefined) return undefined;
  const stanza: Writable<Stanza> = { kind, from: sender, to: target, el: inOneNamespace(el) };
  if (id !== undefined) stanza.id = id;
  if (type !== undefined) stanza.type = type;
  if (lang !== undefined) stanza.lang = lang;
  return stanza;
}

/** While it is being put together. */
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** The answer to an iq, message or presence goes the same way back, with the same id (GEN-01, GEN-04). */
export function reply(stanza: Stanza, type: string | undefined): Reply {
  return {
    kind: stanza.kind,
    from: stanza.to.full,
    to: [stanza.from.full],
    ...(type !== undefined && { type }),
    ...(stanza.id !== undefined && { id: stanza.id }),
  };
}

/** All of an `Outgoing` but its children. */
export interface Reply {
  readonly kind: Stanza['kind'];
  readonly from: string;
  readonly to: readonly string[];
  readonly type?: string;
  readonly id?: string;
}
