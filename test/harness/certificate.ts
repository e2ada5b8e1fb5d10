/** Certificates by openssl, self-signed or of an authority of the test's own, for servers that tests start. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
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

export interface Authority {
  /** Its own certificate, a PEM file. */
  readonly ca: string;
  /** One that it has signed for these names; of fewer than no days: it has expired. */
  issue(names: readonly string[], days?: number): Certificate;
}

/** An authority whose files, and those of all that it signs, are in `dir`. */
export function makeAuthority(dir: string): Authority {
  const files = (name: string) => ({ key: join(dir, `${name}-key.pem`), cert: join(dir, `${name}.pem`) });
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout'];
  const own = files('authority');
  openssl('req', '-x509', ...newKey, own.key, '-days', '1', '-subj', '/CN=An authority', '-out', own.cert);
  let count = 0;
  return {
    ca: own.cert,
    issue(names, days = 1) {
      const { key, cert } = files(`issued-${count++}`);
      const request = `${cert}.csr`;
      const extensions = `${cert}.ext`;
      writeFileSync(
        extensions,
        `subjectAltName=${names.map((name) => (isIP(name) ? 'IP:' : 'DNS:') + name).join(',')}\n`,
      );
      openssl('req', ...newKey, key, '-subj', `/CN=${names[0]}`, '-out', request);
      const by = ['-CA', own.cert, '-CAkey', own.key, '-CAcreateserial', '-extfile', extensions];
      openssl('x509', '-req', '-in', request, ...by, '-days', `${days}`, '-out', cert);
      return { key, cert };
    },
  };
}
