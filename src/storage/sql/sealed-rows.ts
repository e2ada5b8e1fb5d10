/** All that lies sealed in SQL, for a change of keys and for a look whether they are the right ones. */
import { plumbingSecret } from '../plumbing-ports.ts';
import type { Database } from './database.ts';

export interface SealedRow {
  readonly is: 'setting' | 'password' | 'login' | 'plumbing';
  readonly domain: string;
  /** Whose setting, a bare JID; or in which account's room, or which account's login, or for what it was sealed. */
  readonly owner: string;
  readonly sealed: string;
}

/** How many were written, and how many could not be opened and were left as they are. */
export interface Resealed {
  readonly written: number;
  readonly left: number;
}

/**
 * Writes each as `again` gives it (undefined: it can't be opened; the same text: it is right as it is), all or none. Resolves when a power cut leaves it there: what
 * sealed it before may be forgotten.
 */
export function resealAll({ db, file }: Database, again: (row: SealedRow) => string | undefined): Promise<Resealed> {
  let written = 0;
  let left = 0;
  function anew(row: SealedRow): string | undefined {
    const text = again(row);
    if (text === undefined) left++;
    else if (text !== row.sealed) written++;
    return text === row.sealed ? undefined : text;
  }
  file?.pragma('synchronous = FULL');
  return db.transaction().execute(async (tx) => {
    const settings = await tx.selectFrom('settings').selectAll().where('value', 'like', '{"sealed":%').execute();
    for (const { value, ...key } of settings) {
      const { sealed } = JSON.parse(value) as { readonly sealed: string };
      const text = anew({ is: 'setting', domain: key.domain, owner: key.owner, sealed });
      if (text === undefined) continue;
      await tx
        .updateTable('settings')
        .set({ value: JSON.stringify({ sealed: text }) })
        .where('domain', '=', key.domain)
        .where('owner', '=', key.owner)
        .where('on_server', '=', key.on_server)
        .where('chat', '=', key.chat)
        .where('name', '=', key.name)
        .execute();
    }
    const rooms = await tx
      .selectFrom('memberships')
      .select(['account', 'chat', 'password'])
      .where('password', 'is not', null)
      .execute();
    for (const { account, chat, password } of rooms) {
      const text = anew({ is: 'password', domain: '', owner: account, sealed: password ?? '' });
      if (text === undefined) continue;
      await tx
        .updateTable('memberships')
        .set({ password: text })
        .where('account', '=', account)
        .where('chat', '=', chat)
        .execute();
    }
    const logins = await tx.selectFrom('logins').select(['id', 'domain', 'credentials']).execute();
    for (const { id, domain, credentials } of logins) {
      const text = anew({ is: 'login', domain, owner: id, sealed: credentials });
      if (text !== undefined) await tx.updateTable('logins').set({ credentials: text }).where('id', '=', id).execute();
    }
    const mucs = await tx.selectFrom('plumbings').select(['id', 'domain', 'password']).execute();
    for (const { id, domain, password } of mucs) {
      const text =
        password === null ? undefined : anew({ is: 'plumbing', domain, owner: plumbingSecret(id), sealed: password });
      if (text !== undefined) await tx.updateTable('plumbings').set({ password: text }).where('id', '=', id).execute();
    }
    return { written, left };
  });
}

/** Some of each kind, no more than so many. */
export async function someSealed({ db }: Database, ofEach: number): Promise<readonly SealedRow[]> {
  const settings = await db
    .selectFrom('settings')
    .select(['domain', 'owner', 'value'])
    .where('value', 'like', '{"sealed":%')
    .limit(ofEach)
    .execute();
  const rooms = await db
    .selectFrom('memberships')
    .select(['account as owner', 'password as sealed'])
    .where('password', 'is not', null)
    .limit(ofEach)
    .execute();
  const logins = await db
    .selectFrom('logins')
    .select(['id as owner', 'domain', 'credentials as sealed'])
    .limit(ofEach)
    .execute();
  const mucs = await db
    .selectFrom('plumbings')
    .select(['id', 'domain', 'password as sealed'])
    .where('password', 'is not', null)
    .limit(ofEach)
    .execute();
  return [
    ...settings.map(({ value, ...row }) => {
      const { sealed } = JSON.parse(value) as { readonly sealed: string };
      return { is: 'setting' as const, ...row, sealed };
    }),
    ...rooms.map(({ owner, sealed }) => ({ is: 'password' as const, domain: '', owner, sealed: sealed ?? '' })),
    ...logins.map((row) => ({ is: 'login' as const, ...row })),
    ...mucs.map(({ id, domain, sealed }) => ({
      ...{ is: 'plumbing' as const, domain, owner: plumbingSecret(id), sealed: sealed ?? '' },
    })),
  ];
}
