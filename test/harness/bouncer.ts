/** What tests ask of a bouncer, whichever program it is: it stays on an IRC server for people who come and go. */
import type { KeptServer } from './kept-server.ts';

export interface BouncerAccount {
  /** The nick upstream, too. */
  readonly name: string;
  readonly password: string;
  /** Where it is from the beginning. */
  readonly channels: readonly string[];
}

export interface Bouncer extends KeptServer {
  readonly port: number;
}

/** Debian keeps some programs out of PATH. */
export const path = (): string => `${process.env.PATH}:/usr/sbin:/usr/local/bin:/usr/local/sbin`;
