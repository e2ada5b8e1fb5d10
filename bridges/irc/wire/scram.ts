/**
 * SCRAM (RFC 5802, RFC 7677) from the client's side, without channel binding: the password is never sent, and the server has to prove that it knows it.
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

export type ScramHash = 'sha256' | 'sha512';

export interface Scram {
  /** The first message takes an empty challenge. Throws an Error that says what was wrong with the server's. */
  respond(challenge: string): Promise<string>;
  /** The server has proved that it knows the password. */
  readonly verified: boolean;
  /** The server has taken the name and begun: what it refuses from now on is the password. */
  readonly begun: boolean;
}

const derive = promisify(pbkdf2);
const lengths: Readonly<Record<ScramHash, number>> = { sha256: 32, sha512: 64 };
/** Fewer would let whoever listens guess cheaply (RFC 7677 §4); more keeps our threads from everybody else. */
const minIterations = 4096;
const maxIterations = 1_000_000;
const maxSaltBytes = 1024;
/** No channel binding, no other identity (RFC 5802 §7). */
const header = 'n,,';

/** `username` and `password` prepared with saslprep; `nonce` for tests only. */
export function createScram(
  hash: ScramHash,
  username: string,
  password: string,
  nonce = randomBytes(24).toString('base64').replaceAll(',', '.'),
): Scram {
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();
  const firstBare = `n=${username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
  let step: 'first' | 'final' | 'verify' | 'over' = 'first';
  let signature: Buffer = Buffer.alloc(0);

  async function prove(challenge: string): Promise<string> {
    const { r = '', s = '', i = '', m } = attributes(challenge);
    if (m !== undefined) throw new Error('the server asks for an extension that we do not know');
    if (!r.startsWith(nonce) || r.length <= nonce.length) throw new Error('the server answered somebody else');
    const salt = Buffer.from(s, 'base64');
    const iterations = /^[0-9]{1,7}$/.test(i) ? Number(i) : 0;
    if (salt.length === 0 || salt.length > maxSaltBytes) throw new Error('the server gave no salt');
    if (iterations < minIterations || iterations > maxIterations) {
      throw new Error('the server asks for fewer rounds than is safe, or for more than we do');
    }
    const salted = await derive(password, salt, iterations, lengths[hash], hash);
    const withoutProof = `c=${Buffer.from(header).toString('base64')},r=${r}`;
    const authMessage = `${firstBare},${challenge},${withoutProof}`;
    const clientKey = hmac(salted, 'Client Key');
    const stored = createHash(hash).update(clientKey).digest();
    const proof = xor(clientKey, hmac(stored, authMessage));
    signature = hmac(hmac(salted, 'Server Key'), authMessage);
    return `${withoutProof},p=${proof.toString('base64')}`;
  }

  function verify(challenge: string): void {
    const { v, e } = attributes(challenge);
    if (e !== undefined) throw new Error(`the server refused: ${e.slice(0, 100)}`);
    const given = Buffer.from(v ?? '', 'base64');
    if (given.length !== signature.length || !timingSafeEqual(given, signature)) {
      throw new Error('the server could not prove that it knows the password');
    }
  }

  return {
    async respond(challenge) {
      switch (step) {
        case 'first':
          step = 'final';
          return header + firstBare;
        case 'final':
          step = 'verify';
          return prove(challenge);
        case 'verify':
          verify(challenge);
          step = 'over';
          return '';
        case 'over':
          throw new Error('the server goes on after the end');
        default:
          return step satisfies never;
      }
    },
    get verified() {
      return step === 'over';
    },
    get begun() {
      return step === 'verify' || step === 'over';
    },
  };
}

/** `r=…,s=…,i=…`; the value may hold an equals sign. */
function attributes(text: string): Partial<Record<string, string>> {
  const found: Partial<Record<string, string>> = {};
  for (const part of text.split(',').slice(0, 16)) if (part.charAt(1) === '=') found[part.charAt(0)] ??= part.slice(2);
  return found;
}

const xor = (one: Buffer, other: Buffer): Buffer => Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0)));
