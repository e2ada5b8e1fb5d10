/** A file to the address of an upload slot (XEP-0363 §7): its length, its type and the slot's headers, nothing else, and to nowhere where users may not send us (CHECKLIST 363-02, 447-11). */
import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type SlotBody, sizeOf } from '../accounts/slots.ts';
import { isPrivateAddress, privateRefused, publicLookup } from '../bridge/private-address.ts';
import type { Slot } from '../gateway/upload-service.ts';

const taken: ReadonlySet<number> = new Set([200, 201, 204]);

/**
 * Resolves with whether it was taken. Rejects where nobody is there, or where nothing may be sent. Follows no redirection.
 * @param anywhere also without TLS and to private addresses: the operator has said so
 */
export function putFile(
  { put, headers }: Slot,
  file: { readonly type: string; readonly body: SlotBody },
  { anywhere, signal }: { readonly anywhere: boolean; readonly signal: AbortSignal },
): Promise<boolean> {
  const { type, body } = file;
  const url = new URL(put);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol !== 'https:' && !(anywhere && url.protocol === 'http:'))
    return Promise.reject(new Error('an upload has to go by TLS'));
  if (!anywhere && isIP(host) !== 0 && isPrivateAddress(host)) return Promise.reject(privateRefused(host));
  const all: Record<string, string[]> = {};
  for (const [name, value] of headers) all[name] = [...(all[name] ?? []), value];
  return new Promise((resolve, reject) => {
    const asking = (url.protocol === 'http:' ? plain : secure)(
      url,
      {
        method: 'PUT',
        headers: { ...all, 'content-type': type, 'content-length': String(sizeOf(body)) },
        signal,
        ...(!anywhere && { lookup: publicLookup(host) }),
      },
      (answer) => {
        answer.resume();
        resolve(taken.has(answer.statusCode ?? 0));
      },
    );
    asking.on('error', reject);
    if (body instanceof Uint8Array) asking.end(body);
    else pipeline(Readable.from(body.pieces), asking).catch(reject);
  });
}
