/** Accounts and their rooms in SQL. */

import { sql } from 'kysely';
import type { AccountId } from '../../core/ids.ts';
import { accountId, chatId, personId } from '../../core/ids.ts';
import type { ListedRow, ListedState } from '../../core/listed.ts';
import type { AccountRow, AccountStore, MembershipRow } from '../ports.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export function createAccountStore({ db }: Database): AccountStore {
  return {
    async all(domain) {
      return (await db.selectFrom('accounts').selectAll().where('domain', '=', domain).execute()).map(readAccount);
    },
    async owned(domain, owner) {
      const own = db.selectFrom('accounts').selectAll().where('domain', '=', domain).where('owner', '=', owner);
      const first = sql`coalesce(number, 0)`;
      return (await own.orderBy(first).orderBy('id').execute()).map(readAccount);
    },
    async get(id) {
      const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : readAccount(row);
    },
    async put(row) {
      const values = writeAccount(row);
      const { domain, owner } = row;
      const number = sql<number>`(select coalesce(max(number), 0) + 1 from accounts where domain = ${domain} and owner = ${owner})`;
      await db
        .insertInto('accounts')
        .values({ ...values, number })
        .onConflict((c) => c.column('id').doUpdateSet(values))
        .execute();
    },
    async remove(id) {
      await db.transaction().execute(async (tx) => {
        await tx.deleteFrom('memberships').where('account', '=', id).execute();
        await tx.deleteFrom('accounts').where('id', '=', id).execute();
      });
    },
    async memberships(id) {
      const rows = await db.selectFrom('memberships').selectAll().where('account', '=', id).execute();
      return rows.map((row) => readMembership(id, row));
    },
    async putMembership(row) {
      const values = writeMembership(row);
      await db
        .insertInto('memberships')
        .values(values)
        .onConflict((c) => c.columns(['account', 'chat']).doUpdateSet(values))
        .execute();
    },
    async removeMembership(id, chat) {
      await db.deleteFrom('memberships').where('account', '=', id).where('chat', '=', chat).execute();
    },
    async contacts(id) {
      const rows = await db.selectFrom('contacts').select('person').where('account', '=', id).execute();
      return rows.map(({ person }) => personId(person));
    },
    async putContact(id, person) {
      await db
        .insertInto('contacts')
        .values({ account: id, person })
        .onConflict((c) => c.doNothing())
        .execute();
    },
    async removeContact(id, person) {
      await db.deleteFrom('contacts').where('account', '=', id).where('person', '=', person).execute();
    },
    async blocked(id) {
      const rows = await db.selectFrom('blocked').select('person').where('account', '=', id).execute();
      return rows.map(({ person }) => personId(person));
    },
    async putBlocked(id, person) {
      await db
        .insertInto('blocked')
        .values({ account: id, person })
        .onConflict((c) => c.doNothing())
        .execute();
    },
    async removeBlocked(id, person) {
      await db.deleteFrom('blocked').where('account', '=', id).where('person', '=', person).execute();
    },
    async listed(id) {
      return (await db.selectFrom('listed').selectAll().where('account', '=', id).execute()).map(readListed);
    },
    async putListed(row) {
      const values = writeListed(row);
      await db
        .insertInto('listed')
        .values(values)
        .onConflict((c) => c.columns(['account', 'person']).doUpdateSet(values))
        .execute();
    },
    async removeListed(id, person) {
      await db.deleteFrom('listed').where('account', '=', id).where('person', '=', person).execute();
    },
    async bookmarks(id) {
      const rows = await db.selectFrom('bookmarks').selectAll().where('account', '=', id).execute();
      return rows.map(({ account, chat, ...row }) => ({ ...row, account: accountId(account), chat: chatId(chat) }));
    },
    async putBookmark(row) {
      await db
        .insertInto('bookmarks')
        .values(row)
        .onConflict((c) => c.columns(['account', 'chat']).doUpdateSet(row))
        .execute();
    },
    async removeBookmark(id, chat) {
      await db.deleteFrom('bookmarks').where('account', '=', id).where('chat', '=', chat).execute();
    },
    async ids(begin, end) {
      const like = `${escapeLike(begin)}%${escapeLike(end)}`;
      const { rows } = await sql<{ id: string }>`
        select id from accounts where id like ${like} escape '!'
        union select account from memberships where account like ${like} escape '!'
        union select account from contacts where account like ${like} escape '!'
        union select account from blocked where account like ${like} escape '!'
        union select account from given_profiles where account like ${like} escape '!'
        union select id from logins where id like ${like} escape '!'
        union select account from listed where account like ${like} escape '!'
        union select account from bookmarks where account like ${like} escape '!'
        union select account from media where gone = 0 and account like ${like} escape '!'
        union select account from chats where account like ${like} escape '!'`.execute(db);
      // SQLite's "like" takes capitals for small letters.
      return rows.flatMap(({ id }) => (id.startsWith(begin) && id.endsWith(end) ? [accountId(id)] : []));
    },
    async erase(id) {
      await db.transaction().execute(async (tx) => {
        for (const table of ['memberships', 'contacts', 'blocked', 'listed', 'bookmarks'] as const)
          await tx.deleteFrom(table).where('account', '=', id).execute();
        await tx.deleteFrom('accounts').where('id', '=', id).execute();
      });
    },
  };
}

const escapeLike = (text: string): string => text.replace(/[%_!]/g, '!$&');

function readAccount(row: Omit<Tables['accounts'], 'number'>): AccountRow {
  return {
    id: accountId(row.id),
    domain: row.domain,
    owner: row.owner,
    ...(row.on_server !== null && { on: row.on_server }),
    ...(row.nick !== null && { nick: row.nick }),
    ...(row.resume !== null && { resume: row.resume }),
  };
}

function writeAccount(row: AccountRow): Omit<Tables['accounts'], 'number'> {
  return {
    id: row.id,
    domain: row.domain,
    owner: row.owner,
    on_server: row.on ?? null,
    nick: row.nick ?? null,
    resume: row.resume ?? null,
  };
}

function readMembership(account: AccountId, row: Tables['memberships']): MembershipRow {
  return {
    account,
    chat: chatId(row.chat),
    local: row.local,
    nick: row.nick,
    clients: JSON.parse(row.clients) as string[],
    away: JSON.parse(row.away) as Record<string, number>,
    occupants: JSON.parse(row.occupants) as string[],
    ...(row.password !== null && { password: row.password }),
  };
}

function writeMembership(row: MembershipRow): Tables['memberships'] {
  return {
    account: row.account,
    chat: row.chat,
    local: row.local,
    nick: row.nick,
    password: row.password ?? null,
    clients: JSON.stringify(row.clients),
    away: JSON.stringify(row.away),
    occupants: JSON.stringify(row.occupants),
  };
}

function readListed(row: Tables['listed']): ListedRow {
  return {
    account: accountId(row.account),
    person: personId(row.person),
    state: row.state as ListedState,
    name: row.name,
    groups: JSON.parse(row.groups) as string[],
    at: Number(row.at),
  };
}

const writeListed = (row: ListedRow): Tables['listed'] => ({ ...row, groups: JSON.stringify(row.groups) });
