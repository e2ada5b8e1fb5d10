/** Pictures for tests: whole files of a few bytes, as their formats have them. */
import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { Picture } from '../../src/core/picture.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** A grey square of that shade, 0 to 255. @param padding so many bytes more, as a comment */
export function png(shade: number, side = 8, padding = 0): Picture {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.of(0), Buffer.alloc(side, shade)]);
  const data = deflateSync(Buffer.concat(Array.from({ length: side }, () => line)));
  const comment = padding === 0 ? [] : [chunk('tEXt', Buffer.alloc(padding, 'x'))];
  const chunks = [chunk('IHDR', header), ...comment, chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))];
  return { bytes: Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]) };
}

/** As XMPP names it. */
export const sha1 = ({ bytes }: Picture): string => createHash('sha1').update(bytes).digest('hex');
export const base64 = ({ bytes }: Picture): string => Buffer.from(bytes).toString('base64');
