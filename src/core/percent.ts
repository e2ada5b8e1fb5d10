/** Percent-encoding in addresses that people write: a password may have a "%" that is none. */

/** As it is meant: decoded, or as it stands where that can't be (PostgreSQL's driver takes it so too). */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
