/** What a form of a page sends: read up to a cap, and only as forms are sent. */
import type { IncomingMessage } from 'node:http';

/** Text of a form, or the status that its sender is told. */
export type Posted = { readonly text: string } | { readonly refused: 400 | 413 | 415 };

/** @param atMost octets. What comes behind them is not read. */
export async function readPosted(req: IncomingMessage, atMost: number): Promise<Posted> {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return { refused: 415 };
  if (Number(req.headers['content-length'] ?? 0) > atMost) return { refused: 413 };
  const parts: Buffer[] = [];
  let length = 0;
  try {
    // Left early it stays open, so that its sender can be told why.
    for await (const part of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > atMost) return { refused: 413 };
      parts.push(part);
    }
  } catch {
    // Its sender went away.
    return { refused: 400 };
  }
  return { text: Buffer.concat(parts).toString('utf8') };
}
