/** What lies at an address on the network, for bridges and for the gateway itself: got with care, because whoever speaks on a network chooses the address. */

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Octets. */
  readonly atMost: number;
  /** An address that the operator has set: what is below it may go without TLS, and into a private network. */
  readonly listed?: string;
}

export interface Fetched {
  readonly status: number;
  /** As the server says, which is not to be believed. */
  readonly headers: { get(name: string): string | null };
  /** Read it at once: it ends with an error when its time is over. null where the status is no success. Fails with TooMuch beyond `atMost`. */
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * By GET, over https, at public addresses only, through redirections that keep to that too. Rejects with a GatewayError (`network-refused`) for what is in a
 * private network, with TooMuch where the server announces more than `atMost`, and with whatever else went wrong. It takes a minute or so at most.
 */
export type Fetch = (url: string, options: FetchOptions) => Promise<Fetched>;

/** There is more than was asked for. */
export class TooMuch extends Error {
  constructor(atMost: number) {
    super(`more than ${atMost} octets`);
    this.name = 'TooMuch';
  }
}

/** Is it that address, or below it? What leads out of it for a server that decodes it first is not. */
export function isBelow(url: URL, base: string): boolean {
  const { origin, pathname } = new URL(base);
  const folder = pathname.endsWith('/') ? pathname : `${pathname}/`;
  if (url.origin !== origin || !`${url.pathname}/`.startsWith(folder)) return false;
  return folder === '/' || !/%(?:2e|2f|5c)/i.test(url.pathname.slice(folder.length));
}
