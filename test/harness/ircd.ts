/** What tests ask of an IRC server, whichever program it is. */
import type { Running } from './process.ts';

export interface Ircd extends AsyncDisposable {
  readonly name: 'ngircd' | 'inspircd';
  readonly port: number;
  /** Where it speaks TLS, with a certificate that `ca` (a file) vouches for. */
  readonly tls?: { readonly port: number; readonly ca: string };
  readonly running: Running;
  /** kill -9, then again on the same ports. */
  restart(): Promise<void>;
}
