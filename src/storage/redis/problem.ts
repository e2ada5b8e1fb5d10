/** What is wrong with Redis, as a sentence for the operator with its remedy behind a colon (storage/problem.ts). */

/** Errors that no waiting mends: whoever asks for the first time is told at once. */
export const isRefusal = (error: Error): boolean =>
  /^READONLY|^NOREPLICAS|WRONGPASS|NOAUTH|NOPERM|DB index is out of range|cluster support disabled/i.test(
    error.message,
  ) || tlsFault(error) !== undefined;

/** Why Redis can't be used, and what to do. @param where its address without secrets */
export function unreachable(where: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  if (/^READONLY/.test(why))
    return `Redis at ${where} is a replica, which takes no writes: give the address of its master, or of its Sentinels (redis+sentinel://HOST:26379/NAME)`;
  if (/^NOREPLICAS/.test(why))
    return `Redis at ${where} takes no writes while too few of its replicas are there: start them, or lower min-replicas-to-write`;
  if (/cluster support disabled/.test(why))
    return `Redis at ${where} is no Redis Cluster: write redis://HOST:PORT, or give nodes of one`;
  if (/DB index is out of range/.test(why))
    return `Redis at ${where} has no database of that number: give a smaller one, or raise databases in redis.conf`;
  if (/^CLUSTERDOWN/.test(why))
    return `The Redis Cluster at ${where} is not whole (${why.replaceAll(': ', ', ')}): start its nodes, and look at "redis-cli --cluster check HOST:PORT"`;
  if (/No such master/.test(why))
    return `The Sentinels of ${where} know no master of that name: compare it with "sentinel monitor" in their configuration`;
  if (/sentinels are unreachable.*(WRONGPASS|NOAUTH)/.test(why))
    return `The Sentinels of ${where} refuse the password: give theirs, storage.redis: { url: redis+sentinel://…, sentinelPassword: … }`;
  if (/sentinels are unreachable/.test(why))
    return `The Sentinels of ${where} can't be reached (${why.replaceAll(': ', ', ')}): start them, and compare their addresses${where.startsWith('rediss') ? ' and the authority of their certificates (ca)' : ''} in storage.redis`;
  if (/WRONGPASS|NOAUTH/.test(why)) return `Redis at ${where} refuses the password: set the right one in storage.redis`;
  // To whom a port speaks no TLS it says nothing at all: it waits for the end of a line.
  const silent = where.startsWith('rediss') && /ETIMEDOUT|^no answer$/.test(why);
  const fault = silent ? 'plain' : tlsFault(error);
  if (fault !== undefined) return sentences[fault](where, codeOf(error));
  return `Redis at ${where} can't be used (${why.replaceAll(': ', ', ')}): start it, correct storage.redis, or set it to private`;
}

type TlsFault = 'expired' | 'early' | 'name' | 'authority' | 'plain' | 'client';

const sentences: Readonly<Record<TlsFault, (where: string, code: string) => string>> = {
  expired: (where) => `The certificate of Redis at ${where} has expired: renew it there`,
  early: (where) => `The certificate of Redis at ${where} is not valid yet: compare the clocks of both machines`,
  name: (where) =>
    `The certificate of Redis at ${where} is for other names: write one of them in storage.redis, or have it made for this one, too`,
  authority: (where, code) =>
    `The certificate of Redis at ${where} is of an authority that is not trusted here (${code}): give the authority's certificate, storage.redis: { url: rediss://…, ca: PATH }`,
  plain: (where) =>
    `Redis at ${where} does not answer by TLS: start it, give the port that speaks it (tls-port in redis.conf), or write redis://`,
  client: (where) =>
    `Redis at ${where} wants a certificate of Isthmus: give it, storage.redis: { url: rediss://…, cert: PATH, key: PATH }, or set tls-auth-clients to no in redis.conf`,
};

function tlsFault(error: unknown): TlsFault | undefined {
  const code = codeOf(error);
  if (code === 'CERT_HAS_EXPIRED') return 'expired';
  if (code === 'CERT_NOT_YET_VALID') return 'early';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'name';
  if (/^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_|CRL_)/.test(code))
    return 'authority';
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/.test(code)) return 'plain';
  return /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/.test(code) ? 'client' : undefined;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
