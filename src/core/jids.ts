/** A JID as text, in its two pieces: what is before its first slash and what is behind it (RFC 7622 §3.1). */

/** Without its resource. */
export function bareOf(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? jid : jid.slice(0, slash);
}

/** What stands behind the first slash; '' where there is none. */
export function resourceOf(jid: string): string {
  const slash = jid.indexOf('/');
  return slash < 0 ? '' : jid.slice(slash + 1);
}
