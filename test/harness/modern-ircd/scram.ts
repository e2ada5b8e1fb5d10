/** SCRAM (RFC 5802, 7677) from the server's side: what is stored is not the password, and the client must prove that it knows it. */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

export type Hash = 'sha256' | 'sha512';

/** One exchange: two answers to the client, or that it failed. */
export interface ScramServer {
  /** The client's first message; the challenge, or undefined. */
  first(text: string): string | undefined;
  /** Its last one; the server's proof, or undefined where the client's is wrong. */
  final(text: string): string | undefined;
  /** Who it says it is, after the first. */
  readonly user: string;
}

const iterations = 4_096;

/** `passwordOf`: undefined where nobody has that name; the exchange goes on all the same, and fails at its end. */
export function scramServer(hash: Hash, passwordOf: (user: string) => string | undefined): ScramServer {
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  const salt = randomBytes(16);
  let user = '';
  let header = '';
  let firstBare = '';
  let challenge = '';
  let nonce = '';
  return {
    get user() {
      return user;
    },
    first(text) {
      const parts = /^(n,(?:a=[^,]*)?,)(n=([^,]+),r=([^,]+)(?:,.*)?)$/s.exec(text);
      if (parts === null) return undefined;
      [, header = '', firstBare = ''] = parts;
      user = (parts[3] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
      nonce = `${parts[4]}${randomBytes(18).toString('base64')}`;
      challenge = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
      return challenge;
    },
    final(text) {
      const parts = /^(c=([^,]+),r=([^,]+)(?:,[^p][^,]*)*),p=([^,]+)$/s.exec(text);
      const password = passwordOf(user);
      if (parts === null || parts[2] !== Buffer.from(header).toString('base64') || parts[3] !== nonce) return undefined;
      if (password === undefined) return undefined;
      const length = hash === 'sha256' ? 32 : 64;
      const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, length, hash);
      const stored = createHash(hash).update(hmac(salted, 'Client Key')).digest();
      const signed = `${firstBare},${challenge},${parts[1]}`;
      const signature = hmac(stored, signed);
      const proof = Buffer.from(parts[4] ?? '', 'base64');
      if (proof.length !== signature.length) return undefined;
      const key = proof.map((byte, i) => byte ^ (signature[i] ?? 0));
      if (!timingSafeEqual(createHash(hash).update(key).digest(), stored)) return undefined;
      return `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`;
    },
  };
}
