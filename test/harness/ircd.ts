/** What tests ask of an IRC server, whichever program it is. */

/** Debian's packages, `services` for InspIRCd with atheme, and the harness' own: `modern`, and `plain`, as one of old. */
export type IrcdName = 'ngircd' | 'inspircd' | 'hybrid' | 'services' | 'modern' | 'plain';

export interface Ircd extends AsyncDisposable {
  readonly name: IrcdName;
  readonly port: number;
  /** Where it speaks TLS, with a certificate that `ca` (a file) vouches for. */
  readonly tls?: { readonly port: number; readonly ca: string };
  /** Where it is a process of its own. */
  readonly running?: { readonly pid: number };
  /** It is gone without a word. */
  kill(): Promise<void>;
  /** Again, at the same ports; where it still runs it is killed first. */
  restart(): Promise<void>;
}
