/** XEP-0428 Fallback Indication, version 0.2.1: §2, which parts of a body stand there for clients that don't know better. */
import { all, element, type Form, optionalAttr, type TypeOf, whole } from '../codec.ts';

export const FALLBACK = 'urn:xmpp:fallback:0';

/** NaN for what is no number: the range is then none, where an absent bound would take the whole text. */
const bound: Form<number> = { read: (text) => whole.read(text) ?? Number.NaN, write: whole.write };
const range = { start: optionalAttr('start', bound), end: optionalAttr('end', bound) };
const body = element(FALLBACK, 'body', range);
const subject = element(FALLBACK, 'subject', range);

/** `for`: the namespace that the fallback stands in for. No children: the whole message is fallback. */
export const fallback = element(FALLBACK, 'fallback', {
  for: optionalAttr('for'),
  bodies: all(body),
  subjects: all(subject),
});
export type Fallback = TypeOf<typeof fallback>;

/** In code points of the unescaped text, end exclusive (XEP-0426 §2); no bounds: all of it. */
export type Range = TypeOf<typeof body>;

/** A text without some ranges, and where its places have gone. */
export interface Without {
  readonly rest: string;
  /** From a place of the whole text to the same place of the rest, in code points. */
  moved(points: number): number;
}

/** What lies outside the text is clipped; a range whose end is before its start is ignored. */
export function without(text: string, ranges: readonly Range[]): Without {
  if (ranges.length === 0) return { rest: text, moved: (points) => points };
  const points = Array.from(text);
  const gone = new Uint8Array(points.length);
  for (const { start = 0, end = points.length } of ranges) if (start < end) gone.fill(1, start, end);
  const kept = new Uint32Array(points.length + 1);
  let rest = '';
  for (let i = 0; i < points.length; i++) {
    const stays = gone[i] === 0;
    if (stays) rest += points[i];
    kept[i + 1] = (kept[i] ?? 0) + (stays ? 1 : 0);
  }
  return { rest, moved: (at) => kept[Math.min(at, points.length)] ?? 0 };
}

const everything: readonly Range[] = [{}];

/** The ranges that stand in for `known` namespaces, those that are translated natively (CHECKLIST 428-02). */
export function rangesOf(fallbacks: readonly Fallback[], known: ReadonlySet<string>): readonly Range[] {
  const ranges: Range[] = [];
  for (const { for: namespace, bodies, subjects } of fallbacks) {
    if (namespace === undefined || !known.has(namespace)) continue;
    if (bodies.length === 0 && subjects.length === 0) return everything;
    ranges.push(...bodies);
  }
  return ranges;
}
