/** Small readers over an element, so that nobody walks children by hand. */
import type { Element, Node } from './element.ts';

/** Narrows a node. */
export function isElement(node: Node): node is Element {
  return typeof node !== 'string';
}

/** The first child of that name; in that namespace, or in its parent's where none is named. */
export function child(of: Element, name: string, ns: string = of.ns): Element | undefined {
  for (const node of of.children) if (typeof node !== 'string' && node.name === name && node.ns === ns) return node;
  return undefined;
}

/** All child elements, or those of a name, or those of a name in a namespace. */
export function children(of: Element, name?: string, ns?: string): readonly Element[] {
  const found: Element[] = [];
  for (const node of of.children) {
    if (typeof node === 'string') continue;
    if ((name === undefined || node.name === name) && (ns === undefined || node.ns === ns)) found.push(node);
  }
  return found;
}

/** The first child element, which is an iq's payload (RFC 6120 §8.2.3). */
export function firstChild(of: Element): Element | undefined {
  for (const node of of.children) if (typeof node !== 'string') return node;
  return undefined;
}

/** The first child element of that namespace, whatever its name. */
export function childOf(of: Element, ns: string): Element | undefined {
  for (const node of of.children) if (typeof node !== 'string' && node.ns === ns) return node;
  return undefined;
}

/** The text directly within an element; that of its children is not part of it. */
export function textOf(of: Element): string {
  const only = of.children[0];
  if (of.children.length === 1 && typeof only === 'string') return only;
  let text = '';
  for (const node of of.children) if (typeof node === 'string') text += node;
  return text;
}

/** The text of the first child of that name; undefined where there is no such child. */
export function childText(of: Element, name: string, ns: string = of.ns): string | undefined {
  const found = child(of, name, ns);
  return found === undefined ? undefined : textOf(found);
}
