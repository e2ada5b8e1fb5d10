/** The server's side of SCRAM (RFC 5802), written from the specification by itself: for servers of ours that have accounts. */
import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

export interface ScramServer {
  /** Server-first, to the client's first message. */
  first(message: string): string;
  /** Server-final; undefined: the proof is wrong. */
  final(message: string): string | undefined;
}

export interface ScramAccount {
  readonly name: string;
  readonly password: string;
}

/** One exchange. `forge`: the signature is that of a server which does not know the password. */
export function scramServer(
  hash: 'sha256' | 'sha512',
  account: ScramAccount,
  { iterations = 4096, salt = randomBytes(16), nonce = randomBytes(9).toString('base64'), forge = false } = {},
): ScramServer {
  const size = hash === 'sha256' ? 32 : 64;
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  let clientBare = '';
  let serverFirst = '';
  return {
    first(message) {
      const parts = /^n,,(n=([^,]*),r=([^,]+))$/.exec(message);
      if (parts?.[1] === undefined) throw new Error(`not a first message: ${message}`);
      const name = (parts[2] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
      if (name !== account.name) throw new Error(`no account ${name}`);
      clientBare = parts[1];
      serverFirst = `r=${parts[3]}${nonce},s=${salt.toString('base64')},i=${iterations}`;
      return serverFirst;
    },
    final(message) {
      const parts = /^(c=biws,r=([^,]+)),p=([^,]+)$/.exec(message);
      if (parts?.[1] === undefined || !serverFirst.startsWith(`r=${parts[2]},`)) return undefined;
      const salted = pbkdf2Sync(account.password, salt, iterations, size, hash);
      const clientKey = hmac(salted, 'Client Key');
      const stored = createHash(hash).update(clientKey).digest();
      const all = `${clientBare},${serverFirst},${parts[1]}`;
      const expected = hmac(stored, all);
      const proof = Buffer.from(parts[3] ?? '', 'base64');
      const key = Buffer.from(proof.map((byte, at) => byte ^ (expected[at] ?? 0)));
      if (key.length !== size || !timingSafeEqual(createHash(hash).update(key).digest(), stored)) return undefined;
      return `v=${hmac(hmac(salted, forge ? 'Nothing' : 'Server Key'), all).toString('base64')}`;
    },
  };
}
