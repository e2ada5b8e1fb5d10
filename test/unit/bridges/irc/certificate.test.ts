/** Client certificates: what is made is one by OpenSSL's judgement, and a real server knows us by it. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificateFault, fingerprintsOf, makeCertificate } from '../../../../bridges/irc/certificate.ts';
import { boolean, der, integer, oid, time } from '../../../../bridges/irc/der.ts';
import { startInspircd } from '../../../harness/inspircd.ts';
import { connectIrc } from '../../../harness/irc-client.ts';
import { connectSession } from '../../../harness/irc-session.ts';
import type { Ircd } from '../../../harness/ircd.ts';
import { tempDir } from '../../../harness/temp.ts';

const now = Date.UTC(2026, 10, 21);
const hex = (bytes: Buffer): string => bytes.toString('hex');

describe('DER', () => {
  test.each([
    [integer(Buffer.from([0])), '020100'],
    [integer(Buffer.from([0x7f])), '02017f'],
    [integer(Buffer.from([0x80])), '02020080'],
    [integer(Buffer.from([0, 0, 1])), '020101'],
    [boolean(true), '0101ff'],
    [oid('2.5.4.3'), '0603550403'],
    [oid('1.2.840.113549'), '06062a864886f70d'],
    [time(new Date(Date.UTC(2049, 11, 31, 23, 59, 59))), hex(der(0x17, Buffer.from('491231235959Z')))],
    [time(new Date(Date.UTC(2050, 0, 1))), hex(der(0x18, Buffer.from('20500101000000Z')))],
  ])('X.690: %#', (bytes, expected) => expect(hex(bytes)).toBe(expected));

  test.each([
    [127, '7f'],
    [128, '8180'],
    [256, '820100'],
    [65_536, '83010000'],
  ])('a length of %i', (size, expected) => {
    expect(hex(der(0x04, Buffer.alloc(size))).slice(2, 2 + expected.length)).toBe(expected);
  });
});

const scratch = tempDir('certificate');
afterAll(() => scratch.remove());

describe('a certificate', () => {
  const text = makeCertificate('juliet on irc.example', now);

  test('is read by Node: its name, its time, its own signature, its key', () => {
    const read = new X509Certificate(text);
    expect(read.subject).toBe('CN=juliet on irc.example');
    expect(read.issuer).toBe(read.subject);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.ca).toBe(false);
    expect(new Date(read.validTo).getUTCFullYear()).toBe(2036);
    expect(certificateFault(text)).toBeUndefined();
  });

  test('and by OpenSSL, which agrees about the fingerprints', () => {
    const file = join(scratch.path, 'cert.pem');
    writeFileSync(file, text);
    for (const [hash, value] of Object.entries(fingerprintsOf(text))) {
      const said = execFileSync('openssl', ['x509', '-in', file, '-noout', '-fingerprint', `-${hash}`]).toString();
      expect(said.replace(/^.*=|[:\n]/g, '').toLowerCase()).toBe(value);
    }
    const shown = execFileSync('openssl', ['x509', '-in', file, '-noout', '-text']).toString();
    expect(shown).toMatch(/TLS Web Client Authentication/);
    expect(shown).toMatch(/Digital Signature/);
    expect(execFileSync('openssl', ['verify', '-CAfile', file, file]).toString()).toMatch(/OK/);
  });

  test('two have nothing in common, and any name does', () => {
    expect(fingerprintsOf(makeCertificate('a', now)).sha256).not.toBe(fingerprintsOf(text).sha256);
    for (const name of ['', 'é'.repeat(200), '\ud800'])
      expect(certificateFault(makeCertificate(name, now))).toBeUndefined();
  });

  test('what is none is told', () => {
    expect(certificateFault('hello')).toMatch(/are needed/);
    expect(certificateFault(text.slice(0, text.indexOf('-----BEGIN PRIVATE')))).toMatch(/are needed/);
    const other = makeCertificate('other', now);
    const mixed = text.slice(0, text.indexOf('-----BEGIN PRIVATE')) + other.slice(other.indexOf('-----BEGIN PRIVATE'));
    expect(certificateFault(mixed)).toMatch(/does not belong/);
    expect(certificateFault('x'.repeat(40_000))).toMatch(/too long/);
  });
});

describe('with InspIRCd', () => {
  let ircd: Ircd;
  beforeAll(async () => {
    ircd = await startInspircd();
  });
  afterAll(() => ircd[Symbol.asyncDispose]());
  const at = () => ({
    port: ircd.port,
    options: { tls: 'required', servers: { 'irc.test': { address: [`localhost:${ircd.tls?.port}`] } } },
  });
  /** What InspIRCd's own certificate is known by. */
  async function fingerprints() {
    const { readFileSync } = await import('node:fs');
    return fingerprintsOf(readFileSync(ircd.tls?.ca ?? '', 'utf8'));
  }

  test('the server knows us by the fingerprint that we tell', async () => {
    const text = makeCertificate('juliet', now);
    const settings = { client_certificate: text, verify_cert: false };
    const us = await connectSession({ ...at(), nick: 'juliet', settings });
    await using _ = us;
    const them = await connectIrc({ port: ircd.port, nick: 'romeo' });
    them.send('WHOIS juliet');
    await them.expect(new RegExp(` 276 romeo juliet :.*${fingerprintsOf(text).sha256}`));
  });

  test('verify_cert off takes any certificate', async () => {
    const us = await connectSession({ ...at(), nick: 'paris', settings: { verify_cert: false } });
    await using _ = us;
    await us.join('#secure');
  });

  test.each(['sha1', 'sha256', 'sha512'] as const)(
    'a certificate that is pinned by %s is taken, no other',
    async (hash) => {
      const pin = (await fingerprints())[hash];
      const spelled = pin.toUpperCase().replace(/(..)(?=.)/g, '$1:');
      const us = await connectSession({ ...at(), nick: `pin${hash}`, settings: { fingerprint: spelled } });
      await us[Symbol.asyncDispose]();
      const wrong = `${pin.slice(0, -1)}${pin.endsWith('0') ? '1' : '0'}`;
      await expect(
        connectSession({ ...at(), nick: 'nobody', settings: { fingerprint: wrong, verify_cert: false } }),
      ).rejects.toMatchObject({ message: expect.stringMatching(/is not the one with the fingerprint/) });
    },
  );
});
