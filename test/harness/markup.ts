/** Stanzas as tests see them: read from markup by saxes (not by the gateway's own parser), and compared with patterns written as markup. */
import { SaxesParser } from 'saxes';
import type { Element, Node } from '../../src/xml/element.ts';

interface Open {
  readonly name: string;
  readonly ns: string;
  readonly attrs: Record<string, string>;
  readonly children: Node[];
  readonly declares: boolean;
}

/** An element, and for patterns whether it named its namespace itself. */
interface Parsed extends Element {
  readonly declares: boolean;
}

/** Reads a stream of elements `depth` levels below the root; calls for each, and for the root's opening. */
export function reader(on: {
  readonly root?: (attrs: Readonly<Record<string, string>>) => void;
  readonly element: (element: Element) => void;
  readonly end?: () => void;
}): (text: string) => void {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const open: Open[] = [];
  let rooted = false;
  parser.on('opentag', (tag) => {
    const attrs: Record<string, string> = {};
    for (const [name, { value }] of Object.entries(tag.attributes)) if (!/^xmlns(:|$)/.test(name)) attrs[name] = value;
    if (!rooted) {
      rooted = true;
      on.root?.(attrs);
      return;
    }
    open.push({ name: tag.local, ns: tag.uri, attrs, children: [], declares: 'xmlns' in tag.attributes });
  });
  parser.on('text', (text) => open.at(-1)?.children.push(text));
  parser.on('closetag', () => {
    const done = open.pop();
    if (done === undefined) on.end?.();
    else if (open.length > 0) open.at(-1)?.children.push(done as Element);
    else on.element(done as Element);
  });
  parser.on('error', (error) => {
    throw error;
  });
  return (text) => {
    parser.write(text);
  };
}

/** One element from its markup. */
export function parse(markup: string): Element {
  let found: Element | undefined;
  const read = reader({
    element: (element) => {
      found = element;
    },
  });
  read(`<root xmlns:stream='http://etherx.jabber.org/streams'>${markup}</root>`);
  if (found === undefined) throw new Error(`no element in ${markup}`);
  return found;
}

/** What `receive` looks for: markup that must be found in the stanza (attributes and children that it does not name are free), or a predicate. */
export type Pattern = string | ((stanza: Element) => boolean);

/** Compiles a pattern. An attribute `*` must be there with any value, `!` must be absent; a child counts wherever it stands among its siblings. */
export function matcher(pattern: Pattern): (stanza: Element) => boolean {
  if (typeof pattern === 'function') return pattern;
  const wanted = parse(pattern) as Parsed;
  return (stanza) => contains(stanza, wanted);
}

function contains(found: Element, wanted: Parsed): boolean {
  if (found.name !== wanted.name) return false;
  if (wanted.declares && found.ns !== wanted.ns) return false;
  for (const [name, value] of Object.entries(wanted.attrs)) {
    const actual = found.attrs[name];
    if (value === '!' ? actual !== undefined : value === '*' ? actual === undefined : actual !== value) return false;
  }
  const text = textOf(wanted).trim();
  if (text !== '' && textOf(found).trim() !== text) return false;
  const here = found.children.filter((child) => typeof child !== 'string');
  return wanted.children.every(
    (child) => typeof child === 'string' || here.some((one) => contains(one, child as Parsed)),
  );
}

/** The text directly inside. */
export const textOf = (element: Element | undefined): string =>
  element?.children.filter((child) => typeof child === 'string').join('') ?? '';

/** The first child of that name (and namespace, where given). */
export function child(element: Element | undefined, name: string, ns?: string): Element | undefined {
  const found = element?.children.find(
    (one) => typeof one !== 'string' && one.name === name && (ns === undefined || one.ns === ns),
  );
  return typeof found === 'string' ? undefined : found;
}

/** All children of that name. */
export function childrenOf(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((one): one is Element => typeof one !== 'string' && one.name === name) ?? [];
}

/** The body's text; undefined where there is none. */
export const bodyOf = (stanza: Element): string | undefined => {
  const body = child(stanza, 'body');
  return body && textOf(body);
};

/** The condition of a stanza error. */
export function conditionOf(stanza: Element): string | undefined {
  const error = child(stanza, 'error');
  const first = error?.children.find((one): one is Element => typeof one !== 'string' && one.name !== 'text');
  return first?.name;
}

/** Status codes of a MUC presence or message, as numbers. */
export function codesOf(stanza: Element): readonly number[] {
  const x = child(stanza, 'x', 'http://jabber.org/protocol/muc#user');
  return childrenOf(x, 'status').map((status) => Number(status.attrs.code));
}

/** For messages of failing tests. */
export function show(element: Element): string {
  const attrs = Object.entries(element.attrs).map(([name, value]) => ` ${name}='${value}'`);
  const inside = element.children.map((one) => (typeof one === 'string' ? one : show(one))).join('');
  const ns = element.ns === '' || element.ns === 'jabber:client' ? '' : ` xmlns='${element.ns}'`;
  return `<${element.name}${ns}${attrs.join('')}${inside === '' ? '/>' : `>${inside}</${element.name}>`}`;
}
