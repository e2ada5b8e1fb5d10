/** What the demo says in the terminal. */
import { domain, host, type Layout, lobby } from './layout.ts';
import { poezioFile } from './poezio.ts';
import { loopback } from './ports.ts';

/** One line as a part comes up. */
export const cameUp = (name: string, where: string): string => `  ${name.padEnd(12)} ${where}`;

/** A word of a shell's line. */
const inShell = (text: string): string => (/^[\w./~-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** How to use it with clients of one's own. */
export const instructions = ({ dir, ports }: Layout): string => `
  In the browser     the address below; a second tab with ?user=friend is the other account
  A Jabber client    account demo@${host} (or friend@${host}), password as the name; server ${loopback}, port ${ports.xmpp};
                     the certificate is the demo's own: accept it, or allow plain text
                     Gajim:      tick "Advanced", hostname ${loopback}, port ${ports.xmpp}, then trust the certificate
                     profanity:  /connect demo@${host} server ${loopback} port ${ports.xmpp} tls trust
                     poezio:     start it as  poezio -f ${inShell(poezioFile(dir))}
                     then join the room ${lobby}
  An IRC client      ${loopback}, port ${ports.irc}, no TLS, channel #lobby
  Public networks    join a room named #CHANNEL%SERVER@${domain}, say #isthmus%irc.libera.chat@${domain}

  State and logs     ${dir}
  Ctrl-C stops everything.
`;

/** The last line once all is up; other programs wait for it. */
export const ready = ({ ports }: Layout): string => `Isthmus demo is ready: http://${loopback}:${ports.http}/`;
