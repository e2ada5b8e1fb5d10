/** `storage.redis` as the rest of the program sees it: where it is, and the texts of the files that its entry names. */
import type { Secret } from '../secret.ts';
import type { Redis, RedisTls } from './config.ts';
import type { Path } from './document.ts';
import { faultOfUrl } from './names.ts';
import { type RedisEntry, redisMessage, redisUrl, redisUrlMessage, type SecretSource, unixPath } from './schema.ts';

/** What reads the file that names them; each reports what is wrong and gives undefined then. */
export interface Readers {
  read(path: Path, source: SecretSource): Secret | undefined;
  readPem(path: Path, file: string): string | undefined;
  report(path: Path, message: string): undefined;
  inFolder(path: string): string;
}

const at = ['storage', 'redis'];

/** undefined: it has faults, which were reported. */
export function redisOf(source: SecretSource | RedisEntry, readers: Readers): Redis | undefined {
  if (typeof source === 'object' && 'url' in source) return withMore(source, readers);
  const given = readers.read(at, source);
  const text = given?.reveal();
  if (given === undefined || text === undefined) return undefined;
  if (text === 'private') return { is: 'private' };
  if (redisUrl.test(text)) {
    const fault = faultOfUrl(text);
    return fault === undefined ? { is: 'url', url: given } : readers.report(at, fault);
  }
  return unixPath.test(text)
    ? { is: 'unix', path: readers.inFolder(text.replace(/^unix:(?:\/\/)?/, '')) }
    : readers.report(at, redisMessage);
}

function withMore(entry: RedisEntry, readers: Readers): Redis | undefined {
  const url = readers.read([...at, 'url'], entry.url);
  const tls = tlsOf(entry, readers);
  const { sentinelPassword: given } = entry;
  const sentinelPassword = given === undefined ? undefined : readers.read([...at, 'sentinelPassword'], given);
  if (url === undefined || tls === undefined || (given !== undefined && sentinelPassword === undefined))
    return undefined;
  const fault = redisUrl.test(url.reveal()) ? faultOfUrl(url.reveal()) : redisUrlMessage;
  if (fault !== undefined) return readers.report([...at, 'url'], fault);
  const [named] = Object.keys(tls);
  if (named !== undefined && !url.reveal().startsWith('rediss'))
    return readers.report([...at, named], 'is for TLS; write the address as rediss://HOST:PORT, or leave it out');
  if (sentinelPassword === undefined) return { is: 'url', url, tls };
  return url.reveal().includes('+sentinel:')
    ? { is: 'url', url, tls, sentinelPassword }
    : readers.report(
        [...at, 'sentinelPassword'],
        'is for Sentinels; write redis+sentinel://HOST:PORT/NAME, or leave it out',
      );
}

function tlsOf(entry: RedisEntry, { read, readPem, report, inFolder }: Readers): RedisTls | undefined {
  const pem = (name: 'ca' | 'cert'): string | undefined =>
    entry[name] === undefined ? undefined : readPem([...at, name], inFolder(entry[name]));
  const ca = pem('ca');
  const cert = pem('cert');
  const key = entry.key === undefined ? undefined : read([...at, 'key'], { file: entry.key });
  if ((entry.cert === undefined) !== (entry.key === undefined))
    return report(at, 'has one of cert and key; give both, or none of them');
  const missing = [entry.ca, entry.cert, entry.key].some(
    (file, index) => file !== undefined && [ca, cert, key][index] === undefined,
  );
  if (missing) return undefined;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}
