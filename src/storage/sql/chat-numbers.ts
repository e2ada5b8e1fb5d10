/** Every (account, chat) that has a past has a short number, so that a row of the archive need not repeat both; the last ones are kept in mind. */
import type { AccountId, ChatId } from '../../core/ids.ts';
import type { Database } from './database.ts';

export interface ChatNumbers {
  /** In mind already. */
  known(account: AccountId, chat: ChatId): number | undefined;
  /** Where there is none yet, one is given. */
  make(account: AccountId, chat: ChatId): Promise<number>;
  /** undefined: that chat has no past. */
  find(account: AccountId, chat: ChatId): Promise<number | undefined>;
  /** All of an account that have one. */
  of(account: AccountId): Promise<readonly { readonly number: number; readonly chat: ChatId }[]>;
  /** The number stays, so that nobody gets it again; whose it was is not known any more. */
  drop(account: AccountId, chat: ChatId): Promise<void>;
}

/** How many chats' numbers are kept in mind. */
const atMost = 50_000;

export function createChatNumbers({ db }: Pick<Database, 'db'>): ChatNumbers {
  const numbers = new Map<string, number>();
  const keyOf = (account: AccountId, chat: ChatId): string => `${account}\n${chat}`;

  async function find(account: AccountId, chat: ChatId): Promise<number | undefined> {
    const key = keyOf(account, chat);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const row = await db
      .selectFrom('chats')
      .select('number')
      .where('account', '=', account)
      .where('chat', '=', chat)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    if (numbers.size >= atMost) numbers.clear();
    numbers.set(key, row.number);
    return row.number;
  }

  return {
    known: (account, chat) => numbers.get(keyOf(account, chat)),
    find,
    async make(account, chat) {
      const known = await find(account, chat);
      if (known !== undefined) return known;
      await db
        .insertInto('chats')
        .values({ account, chat })
        .onConflict((c) => c.doNothing())
        .execute();
      const made = await find(account, chat);
      if (made === undefined) throw new Error('a chat was given no number');
      return made;
    },
    async of(account) {
      const rows = await db.selectFrom('chats').select(['number', 'chat']).where('account', '=', account).execute();
      return rows.map(({ number, chat }) => ({ number, chat: chat as ChatId }));
    },
    async drop(account, chat) {
      const number = await find(account, chat);
      numbers.delete(keyOf(account, chat));
      if (number === undefined) return;
      await db
        .updateTable('chats')
        .set({ account: '', chat: `${number}` })
        .where('number', '=', number)
        .execute();
    },
  };
}
