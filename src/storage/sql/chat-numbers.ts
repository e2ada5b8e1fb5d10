/** Every (account, chat) that has a past has a short number, so that a row of the archive need not repeat both; the last ones are kept in mind. */
import { sql } from 'kysely';
import type { AccountId, ChatId } from '../../core/ids.ts';
import type { Database } from './database.ts';

interface Chat {
  readonly account: AccountId;
  readonly chat: ChatId;
}

export interface ChatNumbers {
  /** In mind already. */
  known(account: AccountId, chat: ChatId): number | undefined;
  /** Where there is none yet, one is given. */
  make(account: AccountId, chat: ChatId): Promise<number>;
  /** Of all these, so that `make` finds them in mind: a flood from thousands of nicks begins as many conversations. */
  makeAll(chats: readonly Chat[]): Promise<void>;
  /** undefined: that chat has no past. */
  find(account: AccountId, chat: ChatId): Promise<number | undefined>;
  /** All of an account that have one. */
  of(account: AccountId): Promise<readonly { readonly number: number; readonly chat: ChatId }[]>;
  /** Has nothing of that account in mind any more. */
  renew(account: AccountId): void;
  /** The number stays, so that nobody gets it again; whose it was is not known any more. */
  drop(account: AccountId, chat: ChatId): Promise<void>;
}

/** How many chats' numbers are kept in mind. */
const atMost = 50_000;
/** How many one statement is about. */
const handful = 200;

export function createChatNumbers({ db }: Pick<Database, 'db'>): ChatNumbers {
  const numbers = new Map<AccountId, Map<ChatId, number>>();
  let size = 0;

  const known = (account: AccountId, chat: ChatId): number | undefined => numbers.get(account)?.get(chat);

  function learn(account: AccountId, chat: ChatId, number: number): void {
    if (size >= atMost) {
      numbers.clear();
      size = 0;
    }
    const theirs = numbers.get(account) ?? new Map<ChatId, number>();
    numbers.set(account, theirs);
    if (!theirs.has(chat)) size++;
    theirs.set(chat, number);
  }

  async function find(account: AccountId, chat: ChatId): Promise<number | undefined> {
    const number = known(account, chat);
    if (number !== undefined) return number;
    const row = await db
      .selectFrom('chats')
      .select('number')
      .where('account', '=', account)
      .where('chat', '=', chat)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    learn(account, chat, row.number);
    return row.number;
  }

  /** Those that are there are found, the others written down; whom somebody else has written down meanwhile `make` finds. */
  async function makeSome(chats: readonly Chat[]): Promise<void> {
    const values = sql.join(chats.map(({ account, chat }) => sql`(${account}, ${chat})`));
    const there = await db
      .selectFrom('chats')
      .select(['number', 'account', 'chat'])
      .where(sql<boolean>`(account, chat) in (values ${values})`)
      .execute();
    for (const { number, account, chat } of there) learn(account as AccountId, chat as ChatId, number);
    const fresh = chats.filter(({ account, chat }) => known(account, chat) === undefined);
    if (fresh.length === 0) return;
    const made = await db
      .insertInto('chats')
      .values(fresh)
      .onConflict((c) => c.doNothing())
      .returning(['number', 'account', 'chat'])
      .execute();
    for (const { number, account, chat } of made) learn(account as AccountId, chat as ChatId, number);
  }

  return {
    known,
    find,
    async makeAll(chats) {
      const all = [...new Map(chats.map(({ account, chat }) => [`${account}\0${chat}`, { account, chat }])).values()];
      for (let at = 0; at < all.length; at += handful) await makeSome(all.slice(at, at + handful));
    },
    renew(account) {
      size -= numbers.get(account)?.size ?? 0;
      numbers.delete(account);
    },
    async make(account, chat) {
      const found = await find(account, chat);
      if (found !== undefined) return found;
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
      if (numbers.get(account)?.delete(chat)) size--;
      if (number === undefined) return;
      await db
        .updateTable('chats')
        .set({ account: '', chat: `${number}` })
        .where('number', '=', number)
        .execute();
    },
  };
}
