/** XEP-0426 Character counting in message bodies, version 0.3.0: §2, offsets are code points; our texts count UTF-16 units. */

const beyondBmp = /[\ud800-\udbff][\udc00-\udfff]/;

/** Translates offsets in a text both ways; what lies outside is brought inside, what lies within a pair goes before it. */
export interface Counting {
  /** Code points before a place in UTF-16 units. */
  points(units: number): number;
  /** UTF-16 units before a place in code points. */
  units(points: number): number;
  /** How many code points there are. */
  readonly length: number;
}

const clamp = (at: number, most: number): number => (at >= 0 ? Math.min(at, most) : 0);

/** Looks through the text once. */
export function counting(text: string): Counting {
  if (!beyondBmp.test(text)) {
    const same = (at: number): number => clamp(at, text.length);
    return { points: same, units: same, length: text.length };
  }
  const unitsOf: number[] = [];
  const pointsOf = new Uint32Array(text.length + 1);
  let at = 0;
  for (const point of text) {
    pointsOf.fill(unitsOf.length, at, at + point.length);
    unitsOf.push(at);
    at += point.length;
  }
  const length = unitsOf.length;
  pointsOf[text.length] = length;
  unitsOf.push(text.length);
  return {
    points: (units) => pointsOf[clamp(units, text.length)] ?? length,
    units: (points) => unitsOf[clamp(points, length)] ?? text.length,
    length,
  };
}
