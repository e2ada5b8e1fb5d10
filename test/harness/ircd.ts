/** What tests ask of an IRC server, whichever program it is. */
import type { KeptServer } from './kept-server.ts';

export interface Ircd extends KeptServer {
  readonly name: 'ngircd' | 'inspircd';
  readonly port: number;
  /** Where it speaks TLS, with a certificate that `ca` (a file) vouches for. */
  readonly tls?: { readonly port: number; readonly ca: string };
}
