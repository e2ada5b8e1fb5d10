/** How a world's addresses look to its users: many IRC servers behind the gateway's domain, or a domain that is one server's (`fixedServer`). */

export interface Layout {
  room(channel: string): string;
  person(nick: string): string;
  /** The IRC server's own address. */
  readonly server: string;
  /** The nodes of the commands by which that server, and all of them, are set. */
  readonly serverForm: string;
  readonly gatewayForm: string;
  /** What stands before a command in a line of chat to the gateway that is meant for that server. */
  readonly named: string;
}

/** `#channel%server@domain`. */
export const manyServers = (domain: string, name: string): Layout => ({
  room: (channel) => `${channel}%${name}@${domain}`,
  person: (nick) => `${nick}%${name}@${domain}`,
  server: `${name}@${domain}`,
  serverForm: 'configure',
  gatewayForm: 'configure',
  named: ` ${name}`,
});

/** `#channel@domain`. */
export const oneServer = (domain: string): Layout => ({
  room: (channel) => `${channel}@${domain}`,
  person: (nick) => `${nick}@${domain}`,
  server: domain,
  serverForm: 'server-configure',
  gatewayForm: 'global-configure',
  named: '',
});
