/** XEP-0071 XHTML-IM, version 1.5.4: §7 and §8, both ways and by a list of what is known; the body stays the text (§5). */
import type { Element, Node } from '../../xml/element.ts';
import { child } from '../../xml/query.ts';
import { join, type Xml, xml } from '../../xml/writer.ts';

export const XHTML_IM = 'http://jabber.org/protocol/xhtml-im';
const XHTML = 'http://www.w3.org/1999/xhtml';

/** A range [from, to) of the text in UTF-16 units. Colours are 0xRRGGBB. */
export type Formatted = { readonly from: number; readonly to: number } & (
  | { readonly is: 'strong' | 'emphasis' | 'underline' | 'deleted' | 'code' | 'quote' }
  | { readonly is: 'colour'; readonly fore?: number; readonly back?: number }
  /** A small picture, which the text stands for; it is written, and never read. */
  | { readonly is: 'image'; readonly src: string }
);

export interface Hypertext {
  readonly plain: string;
  readonly marks: readonly Formatted[];
}

type Kind = Exclude<Formatted['is'], 'colour' | 'image'>;

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

/** `<html/>` for a text and its formatting, quotes excepted. Every character of the text is in it, and shown: spaces are not to fall together. */
export function writeXhtml({ plain, marks }: Hypertext): Xml {
  const text = plain.replace(/ (?= )|^ | $/gm, '\u00a0');
  const borders = new Set([0, plain.length]);
  for (const { from, to } of marks) borders.add(from).add(to);
  const places = [...borders].sort((one, other) => one - other);
  const coming = marks.toSorted((one, other) => one.from - other.from);
  const pieces: Xml[] = [];
  let begun = 0;
  let active: Formatted[] = [];
  for (const [index, from] of places.entries()) {
    active = active.filter(({ to }) => to > from);
    for (let mark = coming[begun]; mark !== undefined && mark.from <= from; mark = coming[++begun]) active.push(mark);
    pieces.push(formatted(text.slice(from, places[index + 1] ?? from), active));
  }
  return xml`<html xmlns=${XHTML_IM}><body xmlns=${XHTML}><p>${join(pieces)}</p></body></html>`;
}

function formatted(text: string, marks: readonly Formatted[]): Xml {
  const lines = text.split('\n');
  const image = text === '' ? undefined : marks.findLast((mark) => mark.is === 'image');
  // A picture is one line high (§7.6).
  let written =
    image === undefined
      ? join(lines.map((line, at) => (at === 0 ? xml`${line}` : xml`<br/>${line}`)))
      : xml`<img src=${image.src} alt=${text} height='20'/>`;
  if (text === '' || marks.length === 0) return written;
  const has = (kind: Kind): boolean => marks.some(({ is }) => is === kind);
  if (has('code')) written = xml`<code>${written}</code>`;
  if (has('emphasis')) written = xml`<em>${written}</em>`;
  if (has('strong')) written = xml`<strong>${written}</strong>`;
  const style = styleOf(marks);
  return style === '' ? written : xml`<span style=${style}>${written}</span>`;
}

/** What has no element of its own (§7.4). Of several colours the innermost counts. */
function styleOf(marks: readonly Formatted[]): string {
  const has = (kind: Kind): boolean => marks.some(({ is }) => is === kind);
  const colour = marks.findLast((mark) => mark.is === 'colour');
  const lines = [...(has('underline') ? ['underline'] : []), ...(has('deleted') ? ['line-through'] : [])];
  const styles = [
    ...(colour?.fore === undefined ? [] : [`color: ${hex(colour.fore)}`]),
    ...(colour?.back === undefined ? [] : [`background-color: ${hex(colour.back)}`]),
    ...(lines.length === 0 ? [] : [`text-decoration: ${lines.join(' ')}`]),
  ];
  return styles.join('; ');
}

const hex = (colour: number): string => `#${colour.toString(16).padStart(6, '0')}`;
