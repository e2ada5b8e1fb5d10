/** The sentences for what operators meet, each with its remedy, in one place so that they can be read together. */
import { Remedy } from './fatal.ts';

/** Where the XMPP server listens for components, and for which domain. */
export interface ComponentPlace {
  readonly domain: string;
  readonly host: string;
  readonly port: number;
}

const setupHint = (file: string) =>
  `\`isthmus setup prosody --config ${file}\` (or \`setup ejabberd\`) prints what the server needs`;

/** The server closed the stream with host-unknown (CHECKLIST 114-10). */
export const hostUnknown = ({ domain, host, port }: ComponentPlace, file: string): Remedy =>
  new Remedy(
    `The XMPP server at ${host}:${port} knows no component ${domain} (host-unknown)`,
    `Configure it there and restart the server (a reload starts no component in Prosody; ejabberdctl reload_config does): ${setupHint(file)}`,
  );

/** The server refused the secret, or, as ejabberd does, the domain (CHECKLIST 114-11, 114-10). */
export const notAuthorized = ({ domain, host, port }: ComponentPlace, file: string): Remedy =>
  new Remedy(
    `The XMPP server at ${host}:${port} refused the secret of ${domain} (not-authorized); ejabberd says so too where it does not know the domain`,
    `Make \`secret\` in ${file} and the server's configuration the same: ${setupHint(file)}`,
  );

/** The server closed the stream for another reason that only a configuration can mend (CHECKLIST 114-12, 114-13). */
export const streamRefused = ({ domain, host, port }: ComponentPlace, condition: string, text: string): Remedy =>
  new Remedy(
    `The XMPP server at ${host}:${port} refused ${domain}: ${condition}${text === '' ? '' : ` (${text})`}`,
    condition === 'conflict'
      ? "Stop the other gateway that uses this domain, or choose another domain; it must not be one of the server's own hosts"
      : 'Compare the component section of the server with this configuration',
  );

/** An edge showed no life for too long, and another holds the component streams now. */
export const streamsLost = (): Remedy =>
  new Remedy(
    'This edge stood still for so long that another one holds the component streams now',
    'Nothing has to be mended; when it is started again it stands by',
  );

/** Others run with the Redis that is to be ours. @param role of one of them */
export const gatewayRuns = (role: string): Remedy =>
  new Remedy(
    `A process with --role ${role} runs with this Redis already`,
    'A gateway is one process with --role all, or edges and workers: stop what runs first. Another gateway needs a Redis of its own (`storage.redis`)',
  );

/** The only process of a gateway showed no life for too long, and another one runs it now. */
export const gatewayTaken = (): Remedy =>
  new Remedy(
    'This gateway stood still for so long that another process with --role all runs with its Redis now',
    'Run one of them: it is refused as long as another one shows life',
  );

/** Something else listens on the port. @param setting how to move ours: a flag or a key of the configuration */
export const portInUse = (host: string, port: number, what: string, setting: string): Remedy =>
  new Remedy(
    `Port ${port} on ${host}, meant for ${what}, is taken by another program`,
    `Stop that program, or choose another port: ${setting}`,
  );

/** The address is not ours, or the port needs rights that we do not have. */
export const cannotListen = (host: string, port: number, what: string, setting: string, code: string): Remedy =>
  new Remedy(
    `${what} can't listen on ${host}:${port} (${code})`,
    `Choose an address of this machine and a port above 1023: ${setting}`,
  );

/** By SQLSTATE. */
const postgresRemedies: Readonly<Record<string, string>> = {
  '42501':
    'The user has to be the owner of the database: ALTER DATABASE NAME OWNER TO USER, or make it anew (createdb -O USER NAME)',
  '3D000': 'Make it (sudo -u postgres createdb -O USER NAME), or correct `storage.sql`',
};
const isUntrusted = (code: string): boolean => /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/.test(code);

/** Nobody answers at the address of the database, or it does not let us in. @param reason as the driver says it; it names no password */
export function postgresRefused(reason: string, cause: unknown): Remedy {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const remedy = reason.includes('does not support SSL')
    ? 'Turn TLS on there (ssl, ssl_cert_file and ssl_key_file in postgresql.conf), or take sslmode out of `storage.sql` where nobody else is on the way to it'
    : isUntrusted(code)
      ? 'Name the authority that has signed its certificate, and the server as the certificate does: postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=/PATH/ca.pem'
      : postgresRemedies[code];
  return new Remedy(
    `PostgreSQL can't be used: ${reason}`,
    remedy ??
      'Start it, and compare user, password and database in `storage.sql` (postgres://USER:PASSWORD@HOST:PORT/DATABASE) with what it has',
    cause,
  );
}

/** Problems of a storage are told as "what is wrong: what to do". */
export function storageTrouble(message: string, cause: unknown): Remedy {
  const colon = message.indexOf(': ');
  if (colon < 0) return new Remedy(message, 'See the log', cause);
  return new Remedy(
    message.slice(0, colon),
    `${message.charAt(colon + 2).toUpperCase()}${message.slice(colon + 3)}`,
    cause,
  );
}

export const sealingKeyOpen = (path: string): Remedy =>
  new Remedy(
    `The sealing key ${path} can be read by others`,
    `Close it: chmod 600 ${path} (and think about who may have read it)`,
  );

export const sealingKeyBroken = (path: string): Remedy =>
  new Remedy(
    `The sealing key ${path} is not what Isthmus wrote there`,
    'Restore it from your backup; without it the credentials in the database are lost: delete it only if there are none',
  );

/** It was named as a copy of one: it may be anything of anybody's. */
export const noSealingKey = (path: string): Remedy =>
  new Remedy(
    `${path} is no sealing key`,
    'Name the copy of sealing.key that `isthmus backup --key` or you have made: a file of one line, or a few, of 43 characters each',
  );

/** Who may read it is somebody else than whoever runs this. @param what a path */
export const notOurs = (what: string, code: string): Remedy =>
  new Remedy(
    `${what} can't be read (${code})`,
    'Run this as the user that Isthmus runs as (sudo -u isthmus …), who has to be able to read it',
  );

export const dataUnwritable = (path: string, code: string): Remedy =>
  new Remedy(
    `${path} can't be written (${code})`,
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'Make room on its disk, and start again'
      : 'Give the directory to the user that Isthmus runs as, or set `storage.data` to another one',
  );

/** Edge and worker processes meet in Redis only, which a private child can't be. */
export const privateRedisWithRole = (role: string): Remedy =>
  new Remedy(
    `--role ${role} needs a Redis that every process of this gateway reaches; \`storage.redis: private\` is a child of one process`,
    'Set `storage.redis` to redis://HOST:PORT (or rediss://, or the path of a unix socket)',
  );
