/** A self-signed certificate by openssl, for servers that tests start. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  /** Its own authority, too. */
  readonly cert: string;
}

/** For these names, valid for a day, as PEM files in `dir`. */
export function makeCertificate(dir: string, names: readonly string[]): Certificate {
  const key = join(dir, 'key.pem');
  const cert = join(dir, 'cert.pem');
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  request.push(
    '-subj',
    `/CN=${names[0]}`,
    '-addext',
    `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`,
    '-keyout',
    key,
    '-out',
    cert,
  );
  execFileSync('openssl', request, { stdio: 'pipe' });
  return { key, cert };
}
