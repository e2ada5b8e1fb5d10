/** Whether a mask fits a name, as bans and lists have it. */

/** Globs with `*` and `?`, in linear space and at most |glob|·|text| steps. */
export function matches(glob: string, text: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let from = 0;
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g++;
      from = t;
    } else if (glob[g] === '?' || glob[g] === text[t]) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
