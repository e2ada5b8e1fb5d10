/** XEP-0082 Date and Time Profiles, version 1.1.1: §3.2, a moment. We write UTC with milliseconds and read offsets and fractions (CHECKLIST GEN-13). */
import type { Form } from '../codec.ts';

const profile =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** undefined: no such moment. */
export function readStamp(text: string): Date | undefined {
  if (!profile.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : new Date(at);
}

/** `YYYY-MM-DDThh:mm:ss.fffZ`, without a fraction where it is a whole second. */
export function writeStamp(at: Date): string {
  const text = at.toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

/** For codecs. */
export const stamp: Form<Date> = { read: readStamp, write: writeStamp };
