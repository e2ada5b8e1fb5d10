/** Rows of an archive for those who test one. */
import { randomUUID } from 'node:crypto';
import { accountId, chatId, messageId } from '../../src/core/ids.ts';
import type { ArchiveQuery, ArchiveRow } from '../../src/storage/ports.ts';

/** A room, and another. */
export const verona = chatId('#verona');
export const mantua = chatId('#mantua');

/** A past of its own: rows of an account that nobody else uses. */
export function newPast() {
  const account = accountId(`{odd} ${randomUUID()}`);
  const row = (n: number, more: Partial<ArchiveRow> = {}): ArchiveRow => ({
    account,
    chat: verona,
    id: `id-${String(n).padStart(6, '0')}`,
    at: 1_000 + n,
    nick: "O'Neil",
    body: `<body>"${n}" 🙂</body>`,
    ...more,
  });
  const rows = (from: number, to: number, more: Partial<ArchiveRow> = {}): ArchiveRow[] =>
    Array.from({ length: to - from }, (_, i) => row(from + i, more));
  const query = (more: Partial<ArchiveQuery> = {}): ArchiveQuery => ({
    account,
    chat: verona,
    max: 10,
    order: 'oldest',
    ...more,
  });
  return { account, row, rows, query };
}

/** To its end. */
export async function gathered<T>(all: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of all) found.push(one);
  return found;
}

/** A name on the network. */
export const ref = (id: string, part = 0) => ({ id: messageId(id), part });
/** Of rows, in their order. */
export const idsOf = (rows: readonly ArchiveRow[] | undefined) => rows?.map(({ id }) => id);
