/**
 * Client certificates: made by us, self-signed, shown to servers that know people by their fingerprint (CertFP, SASL EXTERNAL). Certificate and key are
 * one PEM text, which is kept as a secret setting and never shown again.
 */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto';
import { bits, boolean, integer, octets, oid, sequence, set, tagged, time, utf8 } from './der.ts';

/** Hexadecimal, lower case, without colons. */
export interface Fingerprints {
  readonly sha1: string;
  readonly sha256: string;
  readonly sha512: string;
}

const years = 10;
const dayMs = 86_400_000;
const maxPem = 32_768;
const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

/** For ten years, on a key of its own (P-256). `name` is only for people to tell certificates apart. */
export function makeCertificate(name: string, nowMs: number): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  // CN, at most 64 characters (RFC 5280, ub-common-name).
  const subject = sequence(set(sequence(oid('2.5.4.3'), utf8(name.slice(0, 64).toWellFormed() || 'isthmus'))));
  const from = new Date(nowMs - dayMs);
  const until = new Date(from);
  until.setUTCFullYear(from.getUTCFullYear() + years);
  const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
    critical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value));
  const extensions = sequence(
    extension('2.5.29.19', true, sequence()),
    // digitalSignature
    extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)),
    // clientAuth
    extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.2'))),
  );
  const signed = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    subject,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, extensions),
  );
  const whole = sequence(signed, ecdsaWithSha256, bits(sign('sha256', signed, privateKey)));
  return `${pem(whole)}${privateKey.export({ type: 'pkcs8', format: 'pem' })}`;
}

/** By which the services know it. Throws an Error where the text holds no certificate. */
export function fingerprintsOf(text: string): Fingerprints {
  const { raw } = new X509Certificate(text);
  const of = (hash: string): string => createHash(hash).update(raw).digest('hex');
  return { sha1: of('sha1'), sha256: of('sha256'), sha512: of('sha512') };
}

/** A sentence about what is wrong with a certificate and its key in PEM; undefined: they can be used. */
export function certificateFault(text: string): string | undefined {
  if (text.length > maxPem) return 'This is too long for a certificate and its key.';
  try {
    return new X509Certificate(text).checkPrivateKey(createPrivateKey(text))
      ? undefined
      : 'The key does not belong to the certificate.';
  } catch {
    return 'A certificate and its key are needed, one behind the other, both as PEM and the key without a password.';
  }
}

const pem = (bytes: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
