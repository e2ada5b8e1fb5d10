/** Seals what must not lie open in the database: AES-256-GCM, bound to the account it belongs to. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

export interface Vault {
  /** @param owner whose secret it is; the same must be given to `open` */
  seal(secret: string, owner: string): string;
  /** undefined: sealed with another key or for another owner, or damaged. */
  open(sealed: string, owner: string): string | undefined;
  /** Was it sealed with the key that seals now? */
  isCurrent(sealed: string): boolean;
}

/** What a sealed text begins with: the first key's is `v1`, every other's names its key. */
const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

interface Ring {
  readonly mark: string;
  readonly sealing: Uint8Array;
}

function ringOf(key: Uint8Array, index: number): Ring {
  if (key.length < 32) throw new RangeError('a sealing key has at least 32 bytes');
  const name = createHash('sha256').update(key).digest('base64url').slice(0, 8);
  return {
    mark: index === 0 ? version : `${version}.${name}`,
    sealing: new Uint8Array(hkdfSync('sha256', key, '', 'isthmus credentials', 32)),
  };
}

/** @param keys at least 32 bytes each, from the sealing key's file: the last one seals, all of them open */
export function createVault(keys: readonly Uint8Array[]): Vault {
  const rings = keys.map(ringOf);
  const current = rings.at(-1);
  if (current === undefined) throw new RangeError('a vault has a key');
  return {
    seal(secret, owner) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', current.sealing, nonce).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${current.mark}:${sealed.toString('base64url')}`;
    },
    open(sealed, owner) {
      const [mark, text = ''] = sealed.split(':');
      const ring = rings.find((one) => one.mark === mark);
      const bytes = Buffer.from(text, 'base64url');
      if (ring === undefined || bytes.length < nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', ring.sealing, bytes.subarray(0, nonceBytes))
        .setAAD(Buffer.from(owner))
        .setAuthTag(bytes.subarray(-tagBytes));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString(
          'utf8',
        );
      } catch {
        return undefined;
      }
    },
    isCurrent: (sealed) => sealed.startsWith(`${current.mark}:`),
  };
}
