/** What goes from the archive: by age, by number of rows, or because its owner wants it forgotten. In small bites, so that nobody waits for it. */
import { type RawBuilder, sql } from 'kysely';
import type { Archive } from '../ports.ts';
import { turn } from './archive-batch.ts';
import type { ChatNumbers } from './chat-numbers.ts';
import type { Database } from './database.ts';

/** How many rows one bite deletes. */
const bite = 500;
/** How many chats one question is about. */
const handful = 200;

/** Over one database; bites are small, so that nobody waits for them. */
export function createDeletion({ db }: Pick<Database, 'db'>, numbers: ChatNumbers): Pick<Archive, 'expire' | 'forget'> {
  /** The oldest first, so that what is left has no holes (XEP-0313 §3.2). */
  async function remove(number: number, which: RawBuilder<unknown>, breathe: () => Promise<void>): Promise<number> {
    for (let deleted = 0; ; await breathe()) {
      const oldest = sql`select chat, at, id from archive where chat = ${number} and ${which} order by at, id limit ${bite}`;
      const { numDeletedRows } = await db
        .deleteFrom('archive')
        .where(sql<boolean>`(chat, at, id) in (${oldest})`)
        .executeTakeFirst();
      deleted += Number(numDeletedRows);
      if (numDeletedRows < bite) return deleted;
    }
  }

  /** Of that chat, what is behind the newest `perRoom` rows. */
  async function surplus(number: number, perRoom: number, breathe: () => Promise<void>): Promise<number> {
    const newest = await db
      .selectFrom('archive')
      .select(['at', 'id'])
      .where('chat', '=', number)
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .offset(perRoom)
      .limit(1)
      .executeTakeFirst();
    if (newest === undefined) return 0;
    return remove(number, sql`(at, id) <= (${newest.at}, ${newest.id})`, breathe);
  }

  /** The next chats behind that one, and when the oldest row of each was said: of most nothing is to go, and asking each would take minutes. */
  async function some(behind: number): Promise<readonly { readonly number: number; readonly oldest: number | null }[]> {
    // No `exists`: PostgreSQL might look through the whole archive for it.
    const oldest = sql<number | null>`(select min(at) from archive where archive.chat = chats.number)`;
    const chats = db
      .selectFrom('chats')
      .select(['number', oldest.as('oldest')])
      .where('number', '>', behind);
    return chats.orderBy('number').limit(handful).execute();
  }

  return {
    async expire({ before, perRoom }, breathe = () => Promise.resolve()) {
      let deleted = 0;
      for (let chats = await some(0); chats.length > 0; chats = await some(chats.at(-1)?.number ?? 0)) {
        for (const { number, oldest } of chats) {
          if (oldest === null) continue;
          if (before !== undefined && Number(oldest) < before)
            deleted += await remove(number, sql`at < ${before}`, breathe);
          if (perRoom === undefined) continue;
          deleted += await surplus(number, perRoom, breathe);
          await breathe();
        }
        await breathe();
      }
      return deleted;
    },
    async forget(account, chat) {
      const chats = chat === undefined ? (await numbers.of(account)).map((one) => one.chat) : [chat];
      for (const one of chats) {
        const number = await numbers.find(account, one);
        if (number === undefined) continue;
        await remove(number, sql`true`, turn);
        await numbers.drop(account, one);
      }
    },
  };
}
