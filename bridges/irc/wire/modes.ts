/** A MODE line's letters and arguments, paired by what the server said of its modes (CHANMODES and PREFIX). */
import type { Support } from './isupport.ts';

export interface ModeChange {
  readonly sign: '+' | '-';
  readonly mode: string;
  /** Absent where the mode takes none, and where the line lacks it. */
  readonly arg?: string;
}

/** @param params what follows the target: `+ov-k`, then the arguments. Letters that the server never named are taken to have no argument. */
export function readModes(support: Support, params: readonly string[]): readonly ModeChange[] {
  const changes: ModeChange[] = [];
  let sign: '+' | '-' = '+';
  let next = 1;
  for (const mode of params[0] ?? '') {
    if (mode === '+' || mode === '-') {
      sign = mode;
      continue;
    }
    const arg = takesArgument(support, mode, sign) ? params[next++] : undefined;
    changes.push(arg === undefined ? { sign, mode } : { sign, mode, arg });
  }
  return changes;
}

function takesArgument({ chanModes, prefixes }: Support, mode: string, sign: '+' | '-'): boolean {
  if (chanModes.a.includes(mode) || chanModes.b.includes(mode)) return true;
  if (chanModes.c.includes(mode)) return sign === '+';
  return prefixes.some((prefix) => prefix.mode === mode);
}
