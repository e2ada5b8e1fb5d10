/**
 * What WEBIRC tells a server of a user (IRCv3 webirc). We do not know where our users really are: each has an address of their own in a private range,
 * always the same, so that a ban hits one. Only the server could tell whose it is, and only if it knew the JID.
 */
import { createHmac } from 'node:crypto';

export interface Webirc {
  readonly password: string;
  /** What we call ourselves. */
  readonly username: string;
  readonly hostname: string;
  readonly address: string;
}

/** The address is in fd00::/8 (RFC 4193); where it has no name it is the host name too (IRCv3 webirc, Format). */
export function webircOf(
  { password, gateway }: { readonly password: string; readonly gateway: string },
  owner: string,
): Webirc {
  const digits = createHmac('sha256', password).update(owner).digest('hex').slice(0, 30);
  const address = `fd${digits}`.replace(/(.{4})(?=.)/g, '$1:').replace(/(^|:)0+(?=[0-9a-f])/g, '$1');
  return { password, username: gateway, hostname: address, address };
}
