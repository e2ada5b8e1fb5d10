/** The demo's gateway is configured by a file like any other. */
import { stringify } from 'yaml';
import { accounts, domain, gatewayData, host, ircServer, type Layout } from './layout.ts';
import { loopback } from './ports.ts';

export function gatewayFile({ dir, ports, secret }: Layout): string {
  const config = {
    xmpp: { host: loopback, port: ports.component },
    admins: [`${accounts[0]}@${host}`],
    storage: { data: gatewayData(dir) },
    http: { host: loopback, port: ports.http },
    bridges: [
      {
        use: 'irc',
        domain,
        secret,
        allow: [host],
        options: { servers: { [ircServer]: { address: [`${loopback}:${ports.irc}`], tls: 'off' } } },
      },
    ],
  };
  return `# Written by isthmus demo at every start.\n${stringify(config)}`;
}
