/** What tests ask of an IRC server, whichever program it is. */

/** Debian's packages, and `modern`, the harness' own. */
export type IrcdName = 'ngircd' | 'inspircd' | 'hybrid' | 'modern';

export interface Ircd extends AsyncDisposable {
  readonly name: IrcdName;
  readonly port: number;
  /** Where it speaks TLS, with a certificate that `ca` (a file) vouches for. */
  readonly tls?: { readonly port: number; readonly ca: string };
  /** It is gone without a word. */
  kill(): Promise<void>;
  /** Again, at the same ports; where it still runs it is killed first. */
  restart(): Promise<void>;
}
