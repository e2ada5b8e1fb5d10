/** XEP-0071 XHTML-IM, version 1.5.4: §7 and §8, read only and by a list of what is known; the body stays the text (§5). */
import type { Element, Node } from '../../xml/element.ts';
import { child } from '../../xml/query.ts';

export const XHTML_IM = 'http://jabber.org/protocol/xhtml-im';
const XHTML = 'http://www.w3.org/1999/xhtml';

/** A range [from, to) of the text in UTF-16 units. Colours are 0xRRGGBB. */
export type Formatted = { readonly from: number; readonly to: number } & (
  | { readonly is: 'strong' | 'emphasis' | 'underline' | 'deleted' | 'code' | 'quote' }
  | { readonly is: 'colour'; readonly fore?: number; readonly back?: number }
);

export interface Hypertext {
  readonly plain: string;
  readonly marks: readonly Formatted[];
}

type Kind = Exclude<Formatted['is'], 'colour'>;

const kinds: ReadonlyMap<string, Kind> = new Map([
  ['strong', 'strong'],
  ['b', 'strong'],
  ['em', 'emphasis'],
  ['i', 'emphasis'],
  ['cite', 'emphasis'],
  ['u', 'underline'],
  ['s', 'deleted'],
  ['del', 'deleted'],
  ['strike', 'deleted'],
  ['code', 'code'],
  ['tt', 'code'],
  ['pre', 'code'],
  ['blockquote', 'quote'],
]);
const blocks: ReadonlySet<string> = new Set(['p', 'div', 'blockquote', 'pre', 'ul', 'ol', 'li', 'h1', 'h2', 'h3']);
/** Deeper than this nothing is looked at, and wider than that neither. */
const deepest = 32;
const marksAtMost = 500;

/** The text of `<html/>` and its formatting; undefined where the message has none. Elements that are not known are only their text. */
export function readXhtml(message: Element): Hypertext | undefined {
  const html = child(message, 'html', XHTML_IM);
  const body = html === undefined ? undefined : child(html, 'body', XHTML);
  if (body === undefined) return undefined;
  const found: Formatted[] = [];
  let plain = '';

  function lineBreak(): void {
    if (plain !== '' && !plain.endsWith('\n')) plain += '\n';
  }
  function read(node: Node, depth: number, keepsSpace: boolean): void {
    if (typeof node === 'string') {
      plain += keepsSpace ? node : node.replace(/\s+/g, ' ');
      return;
    }
    if (depth > deepest || node.ns !== XHTML) return;
    if (node.name === 'br') plain += '\n';
    const isBlock = blocks.has(node.name);
    if (isBlock) lineBreak();
    const from = plain.length;
    for (const one of node.children) read(one, depth + 1, keepsSpace || node.name === 'pre');
    const to = plain.length;
    if (from < to && found.length < marksAtMost) found.push(...marksOf(node, from, to));
    if (isBlock) lineBreak();
  }
  for (const node of body.children) read(node, 0, false);
  return { plain: plain.replace(/\n$/, ''), marks: found };
}

function marksOf({ name, attrs }: Element, from: number, to: number): readonly Formatted[] {
  const marks: Formatted[] = [];
  const kind = kinds.get(name);
  if (kind !== undefined) marks.push({ from, to, is: kind });
  const { style } = attrs;
  if (style === undefined || style.length > 500) return marks;
  const styles = declarations(style);
  if (/^(?:bold|[6-9]00)$/.test(styles.get('font-weight') ?? '')) marks.push({ from, to, is: 'strong' });
  if (/^(?:italic|oblique)$/.test(styles.get('font-style') ?? '')) marks.push({ from, to, is: 'emphasis' });
  const line = styles.get('text-decoration') ?? '';
  if (line.includes('underline')) marks.push({ from, to, is: 'underline' });
  if (line.includes('line-through')) marks.push({ from, to, is: 'deleted' });
  const fore = colourOf(styles.get('color'));
  const back = colourOf(styles.get('background-color'));
  if (fore !== undefined || back !== undefined) {
    marks.push({ from, to, is: 'colour', ...(fore !== undefined && { fore }), ...(back !== undefined && { back }) });
  }
  return marks;
}

function declarations(style: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const one of style.toLowerCase().split(';')) {
    const colon = one.indexOf(':');
    if (colon > 0) found.set(one.slice(0, colon).trim(), one.slice(colon + 1).trim());
  }
  return found;
}

/** `#rgb` and `#rrggbb`; other ways to say it are passed over. */
function colourOf(text: string | undefined): number | undefined {
  const [, short, long] = /^#(?:([0-9a-f]{3})|([0-9a-f]{6}))$/.exec(text ?? '') ?? [];
  if (long !== undefined) return Number.parseInt(long, 16);
  return short === undefined ? undefined : Number.parseInt(short.replace(/./g, '$&$&'), 16);
}
