/** What the demo is made of: ports, places, names. */
import { join } from 'node:path';

export interface Ports {
  readonly xmpp: number;
  readonly irc: number;
  readonly http: number;
  /** Prosody's, for websocket and BOSH. */
  readonly web: number;
  /** Prosody's, for the gateway. */
  readonly component: number;
}

export interface Layout {
  /** Absolute. */
  readonly dir: string;
  readonly ports: Ports;
  /** Between Prosody and the gateway. */
  readonly secret: string;
}

/** The XMPP host, the gateway's domain, and the name of the local IRC server. */
export const host = 'localhost';
export const domain = 'irc.localhost';
export const ircServer = 'localhost';
export const lobby = `#lobby%${ircServer}@${domain}`;

/** Names that are passwords too. */
export const accounts = ['demo', 'friend'] as const;

/** Where the gateway of the demo keeps its own. */
export const gatewayData = (dir: string): string => join(dir, 'gateway');
