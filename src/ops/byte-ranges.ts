/** Which part of a file a request is for (RFC 9110 §13 and §14): pure, for files that never change under one tag. */

/** What is to be answered. `last` belongs to it. */
export type Part =
  | { readonly is: 'whole' }
  | { readonly is: 'part'; readonly first: number; readonly last: number }
  /** Status 416: nothing of what was asked for is there. */
  | { readonly is: 'none' };

/** More ranges than a player asks for: who asks for more gets the whole. */
const rangesAtMost = 16;
const whole: Part = { is: 'whole' };

/**
 * @param range the header's value; what is not understood counts as absent (§14.2), and of several ranges that are there the whole is sent, as §14.2 allows
 * @param size of the file, octets
 */
export function partOf(range: string | undefined, size: number): Part {
  const [, set] = /^\s*bytes\s*=(.*)$/i.exec(range ?? '') ?? [];
  if (set === undefined || size === 0) return whole;
  const specs = set.split(',', rangesAtMost + 1).map((one) => one.trim());
  const named = specs.filter((one) => one !== '');
  if (named.length === 0 || specs.length > rangesAtMost) return whole;
  const found: Part[] = [];
  for (const spec of named) {
    const part = partBy(spec, size);
    if (part === undefined) return whole;
    if (part.is === 'part') found.push(part);
  }
  const [only] = found;
  if (only === undefined) return { is: 'none' };
  return found.length === 1 ? only : whole;
}

/** undefined: it is no range. Numbers beyond all files are as good as any that is too large. */
function partBy(spec: string, size: number): Part | undefined {
  const [, from, to] = /^(\d*)-(\d*)$/.exec(spec) ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? { is: 'none' } : { is: 'part', first: size - length, last: size - 1 };
  }
  const first = Number(from);
  if (to !== '' && Number(to) < first) return undefined;
  if (first >= size) return { is: 'none' };
  return { is: 'part', first, last: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}

type Conditions = Readonly<Record<string, string | string[] | undefined>>;

/** What stands before any range (§13.2.2): 412, 304, or undefined where the file is to be sent. @param tag with its quotes */
export function statusBefore(headers: Conditions, tag: string): 304 | 412 | undefined {
  const match = textOf(headers['if-match']);
  if (match !== undefined && !lists(match, tag, false)) return 412;
  const none = textOf(headers['if-none-match']);
  return none !== undefined && lists(none, tag, true) ? 304 : undefined;
}

/** May a range be answered as such (§13.1.5)? Dates are never ours. */
export function rangeHolds(headers: Conditions, tag: string): boolean {
  const condition = textOf(headers['if-range']);
  return condition === undefined || condition.trim() === tag;
}

const textOf = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

/** @param weakly `W/` counts for nothing: enough for who has the whole, not for who has a part */
function lists(header: string, tag: string, weakly: boolean): boolean {
  if (header.trim() === '*') return true;
  const named = [...header.matchAll(/(W\/)?("[^"]*")/g)];
  return named.some(([, weak, one]) => one === tag && (weakly || weak === undefined));
}
