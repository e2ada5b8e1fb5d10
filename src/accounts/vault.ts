/** Seals what must not lie open in the database: AES-256-GCM, bound to the account it belongs to. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

export interface Vault {
  /** @param owner whose secret it is; the same must be given to `open` */
  seal(secret: string, owner: string): string;
  /** undefined: sealed with another key or for another owner, or damaged. */
  open(sealed: string, owner: string): string | undefined;
}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** @param key at least 32 bytes, from the sealing key's file */
export function createVault(key: Uint8Array): Vault {
  if (key.length < 32) throw new RangeError('a sealing key has at least 32 bytes');
  const sealing = new Uint8Array(hkdfSync('sha256', key, '', 'isthmus credentials', 32));
  return {
    seal(secret, owner) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${version}:${sealed.toString('base64url')}`;
    },
    open(sealed, owner) {
      const [mark, text = ''] = sealed.split(':');
      const bytes = Buffer.from(text, 'base64url');
      if (mark !== version || bytes.length < nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, nonceBytes))
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
  };
}
