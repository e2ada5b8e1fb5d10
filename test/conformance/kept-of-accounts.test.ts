/** What is kept of an account in any table leads to it: who wants all of theirs deleted has all of it deleted. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AccountId, accountId, chatId, messageId } from '../../src/core/ids.ts';
import { createAccountStore } from '../../src/storage/sql/account-store.ts';
import { createArchive } from '../../src/storage/sql/archive.ts';
import { createAvatarStore } from '../../src/storage/sql/avatar-store.ts';
import { type Database, openDatabase } from '../../src/storage/sql/database.ts';
import { createLoginStore } from '../../src/storage/sql/login-store.ts';
import { createMediaStore } from '../../src/storage/sql/media-store.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { tempDir } from '../harness/temp.ts';

const dir = tempDir('kept');
let server: Postgres;
let sqlite: Database;
let postgres: Database;

beforeAll(async () => {
  server = await startPostgres();
  sqlite = await openDatabase(join(dir.path, 'kept.sqlite'));
  postgres = await openDatabase(server.database('kept'));
});
afterAll(async () => {
  await sqlite?.close();
  await postgres?.close();
  await server?.[Symbol.asyncDispose]();
  dir.remove();
});

describe.each(['sqlite', 'postgres'] as const)('%s', (kind) => {
  const open = (): Database => (kind === 'sqlite' ? sqlite : postgres);
  const owner = 'romeo@montague.lit';
  const domain = 'irc.test';
  const id = (on: string): AccountId => accountId(`${owner}/${on}/${domain}`);

  test('a login, a file, a past and what the network was given of its owner are found without anything else', async () => {
    const database = open();
    const accounts = createAccountStore(database);
    const [login, file, past, profile] = ['login', 'file', 'past', 'profile'].map(id) as [AccountId, ...AccountId[]];
    const found = async () => (await accounts.ids(`${owner}/`, `/${domain}`)).toSorted();
    const [logins, media] = [createLoginStore(database), createMediaStore(database)];
    const [archive, avatars] = [createArchive(database), createAvatarStore(database)];
    const row = { id: login, domain, owner, label: 'x', credentials: 'sealed', at: 1, isOut: true };
    await logins.put(row, [], []);
    const chat = chatId('#a');
    const of = { account: file ?? login, domain, chat, message: messageId('m') };
    await media.add([{ ...of, id: 'f', at: 1, name: 'x', source: 'x', until: 2 }]);
    await archive.add([{ account: past ?? login, chat, id: 'r', at: 1, nick: 'x', body: '' }]);
    await avatars.give(profile ?? login, { nick: 'Romeo' });
    expect(await found()).toEqual([file, login, past, profile]);

    await logins.remove(login);
    await media.erase(file ?? login);
    await archive.forget(past ?? login);
    await avatars.erase(profile ?? login);
    expect(await found()).toEqual([]);
  });

  test('of two processes that say the first of a chat at once both are kept', async () => {
    const [one, other] = [createArchive(open()), createArchive(open())];
    const said = (n: number) => ({ account: id('new'), chat: chatId('#new'), id: `${n}`, at: n, nick: 'x', body: '' });
    await Promise.all([one.add([said(1)]), other.add([said(2)])]);
    expect((await one.recent(id('new'), chatId('#new'), 9)).map(({ at }) => at)).toEqual([1, 2]);
  });
});
