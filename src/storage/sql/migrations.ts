/**
 * The schema's history. Append only: one that has been released is never edited. Each must run on SQLite and on PostgreSQL, beside programs of the version
 * before that go on reading and writing: design/schema-changes.md says how, and test/conformance/schema-changes.test.ts refuses what they would notice.
 */
import { type Kysely, PostgresAdapter, sql } from 'kysely';
import type { SchemaChange } from './schema-change.ts';

export const migrations: Readonly<Record<string, SchemaChange>> = {
  '0001-first': {
    async up(db) {
      await db.schema
        .createTable('accounts')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('owner', 'text', (c) => c.notNull())
        .addColumn('on_server', 'text')
        .addColumn('nick', 'text')
        .addColumn('resume', 'text')
        .execute();
      await db.schema.createIndex('accounts_domain').on('accounts').column('domain').execute();
      await db.schema
        .createTable('memberships')
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('chat', 'text', (c) => c.notNull())
        .addColumn('local', 'text', (c) => c.notNull())
        .addColumn('nick', 'text', (c) => c.notNull())
        .addColumn('password', 'text')
        .addColumn('clients', 'text', (c) => c.notNull())
        .addColumn('away', 'text', (c) => c.notNull())
        .addColumn('occupants', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('memberships_key', ['account', 'chat'])
        .execute();
      await db.schema
        .createTable('chats')
        .addColumn('number', isPostgres(db) ? 'serial' : 'integer', (c) => c.primaryKey())
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('chat', 'text', (c) => c.notNull())
        .addUniqueConstraint('chats_key', ['account', 'chat'])
        .execute();
      const archive = db.schema
        .createTable('archive')
        .addColumn('chat', 'integer', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('id', 'text', (c) => c.notNull())
        .addColumn('nick', 'text', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .addColumn('stanza', 'text')
        .addPrimaryKeyConstraint('archive_key', ['chat', 'at', 'id']);
      // One tree, in the order in which it is read: a second one would double the cost of every message.
      await (isPostgres(db) ? archive : archive.modifyEnd(sql`without rowid`)).execute();
    },
  },
  '0002-archive': {
    async up(db) {
      for (const column of ['ref', 'speaker', 'kind', 'about'])
        await db.schema.alterTable('archive').addColumn(column, 'text').execute();
      // Ids are compared octet by octet, as SQLite does: a locale would sort those of one millisecond otherwise.
      if (isPostgres(db)) await sql`alter table archive alter column id type text collate "C"`.execute(db);
      await db.schema.createIndex('archive_id').on('archive').columns(['chat', 'id']).execute();
      // Only what has one costs something: most servers name no messages, and few rows are about others.
      await sql`create index archive_ref on archive (chat, ref) where ref is not null`.execute(db);
      await sql`create index archive_about on archive (chat, about) where about is not null`.execute(db);
    },
  },
  '0003-settings': {
    async up(db) {
      await db.schema
        .createTable('settings')
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('owner', 'text', (c) => c.notNull())
        .addColumn('on_server', 'text', (c) => c.notNull())
        .addColumn('chat', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('value', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('settings_key', ['domain', 'owner', 'on_server', 'chat', 'name'])
        .execute();
    },
  },
  '0004-uploads': {
    async up(db) {
      await db.schema
        .createTable('uploads')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('owner', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('bytes', 'integer', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .execute();
      // What is counted before each: no text is read for it.
      await db.schema.createIndex('uploads_owner').on('uploads').columns(['owner', 'bytes']).execute();
      await db.schema.createIndex('uploads_at').on('uploads').column('at').execute();
    },
  },
  '0005-contacts': {
    async up(db) {
      await db.schema
        .createTable('contacts')
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('person', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('contacts_key', ['account', 'person'])
        .execute();
    },
  },
  '0006-whose-uploads': {
    async up(db) {
      await db.schema
        .alterTable('uploads')
        .addColumn('domain', 'text', (c) => c.notNull().defaultTo(''))
        .execute();
      await db.schema.alterTable('uploads').addColumn('kind', 'text').execute();
    },
  },
  '0007-bans': {
    async up(db) {
      await db.schema
        .createTable('bans')
        .addColumn('jid', 'text', (c) => c.primaryKey())
        .execute();
    },
  },
  '0008-blocked': {
    async up(db) {
      await db.schema
        .createTable('blocked')
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('person', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('blocked_key', ['account', 'person'])
        .execute();
    },
  },
  '0009-logins': {
    async up(db) {
      await db.schema
        .createTable('logins')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('owner', 'text', (c) => c.notNull())
        .addColumn('on_server', 'text')
        .addColumn('label', 'text', (c) => c.notNull())
        .addColumn('credentials', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('logins_owner').on('logins').columns(['domain', 'owner']).execute();
    },
  },
  '0010-listed': {
    async up(db) {
      await db.schema
        .createTable('listed')
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('person', 'text', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('groups', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('listed_key', ['account', 'person'])
        .execute();
    },
  },
  '0011-avatars': {
    async up(db) {
      await db.schema
        .createTable('avatar_names')
        .addColumn('network', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('hash', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('avatar_names_key', ['network', 'name'])
        .execute();
      await db.schema.createIndex('avatar_names_at').on('avatar_names').column('at').execute();
      await db.schema.createIndex('avatar_names_hash').on('avatar_names').column('hash').execute();
      await db.schema
        .createTable('pictures')
        .addColumn('hash', 'text', (c) => c.primaryKey())
        .addColumn('type', 'text', (c) => c.notNull())
        .addColumn('width', 'integer', (c) => c.notNull())
        .addColumn('height', 'integer', (c) => c.notNull())
        .addColumn('bytes', 'integer', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('given_profiles')
        .addColumn('account', 'text', (c) => c.primaryKey())
        .addColumn('hash', 'text')
        .addColumn('nick', 'text')
        .execute();
    },
  },
  '0012-shared-logins': {
    async up(db) {
      await db.schema.alterTable('logins').addColumn('admits', 'text').execute();
    },
  },
  '0013-bookmarks': {
    async up(db) {
      await db.schema
        .createTable('bookmarks')
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('chat', 'text', (c) => c.notNull())
        .addColumn('jid', 'text', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('bookmarks_key', ['account', 'chat'])
        .execute();
    },
  },
  '0014-plumbings': {
    async up(db) {
      await db.schema
        .createTable('plumbings')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('on_server', 'text')
        .addColumn('chat', 'text', (c) => c.notNull())
        .addColumn('muc', 'text', (c) => c.notNull())
        .addColumn('nick', 'text', (c) => c.notNull())
        .addColumn('suffix', 'text', (c) => c.notNull())
        .addColumn('owner', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('token', 'text')
        .addColumn('seen', 'text')
        .addColumn('seen_at', 'bigint')
        .addColumn('told', 'text')
        .execute();
      await db.schema
        .createTable('plumbing_names')
        .addColumn('plumbing', 'text', (c) => c.notNull())
        .addColumn('number', 'integer', (c) => c.notNull())
        .addColumn('muc', 'text', (c) => c.notNull())
        .addColumn('room', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('plumbing_names_key', ['plumbing', 'number'])
        .execute();
    },
  },
  '0015-maintenance': {
    async up(db) {
      await db.schema
        .createTable('maintenance')
        .addColumn('words', 'text', (c) => c.notNull())
        .execute();
    },
  },
  // SQLite takes an index for no better than the table's own order where it does not know how many rows have one value: it looked through all of a chat
  // for each message. Counting them would tell it of today's; what is so of any archive is written down. PostgreSQL counts by itself.
  '0016-archive-lookups': {
    async up(db) {
      if (isPostgres(db)) return;
      await sql`analyze archive`.execute(db);
      await sql`delete from sqlite_stat1 where tbl = 'archive'`.execute(db);
      await sql`insert into sqlite_stat1 (tbl, idx, stat) values
        ('archive', 'archive', '1000000 5000 2 1'), ('archive', 'archive_id', '1000000 5000 1'),
        ('archive', 'archive_ref', '1000000 5000 1'), ('archive', 'archive_about', '100000 500 2')`.execute(db);
      await sql`analyze sqlite_schema`.execute(db);
    },
  },
  '0017-plumbing-troubles': {
    async up(db) {
      for (const name of ['password', 'lang', 'troubles'])
        await db.schema.alterTable('plumbings').addColumn(name, 'text').execute();
    },
  },
  '0018-media': {
    async up(db) {
      await db.schema
        .createTable('media')
        // Ids are compared octet by octet, as SQLite does.
        .addColumn('id', isPostgres(db) ? sql`text collate "C"` : 'text', (c) => c.primaryKey())
        .addColumn('account', 'text', (c) => c.notNull())
        .addColumn('domain', 'text', (c) => c.notNull())
        .addColumn('chat', 'text', (c) => c.notNull())
        .addColumn('message', 'text', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('name', 'text', (c) => c.notNull())
        .addColumn('source', 'text', (c) => c.notNull())
        .addColumn('until', 'bigint', (c) => c.notNull())
        .addColumn('again_at', 'bigint', (c) => c.notNull())
        .addColumn('tries', 'integer', (c) => c.notNull())
        .addColumn('bytes', 'bigint')
        .addColumn('type', 'text')
        .addColumn('tag', 'text')
        .addColumn('needed_at', 'bigint', (c) => c.notNull())
        .addColumn('gone', 'integer', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('media_message').on('media').columns(['account', 'chat', 'message']).execute();
      await db.schema.createIndex('media_at').on('media').column('at').execute();
      await db.schema.createIndex('media_needed').on('media').columns(['gone', 'needed_at', 'bytes']).execute();
      // Both are asked for every few seconds, and hold next to nothing.
      await sql`create index media_wanted on media (until) where bytes is null and gone = 0`.execute(db);
      await sql`create index media_gone on media (id) where gone = 1`.execute(db);
    },
  },
  '0019-redis-names': {
    async up(db) {
      await db.schema
        .createTable('redis_names')
        .addColumn('name', 'text', (c) => c.notNull())
        .execute();
    },
  },
  '0020-archive-authors': {
    async up(db) {
      await db.schema.alterTable('archive').addColumn('author', 'text').execute();
    },
  },
  '0021-schema-needs': {
    async up(db) {
      await db.schema
        .createTable('schema_needs')
        .addColumn('migration', 'text', (c) => c.notNull())
        .execute();
    },
  },
  // The same of files: without it SQLite looks through all that are not gone for each handful that is named by its ids.
  '0022-media-lookups': {
    async up(db) {
      if (isPostgres(db)) return;
      await sql`analyze media`.execute(db);
      await sql`delete from sqlite_stat1 where tbl = 'media'`.execute(db);
      await sql`insert into sqlite_stat1 (tbl, idx, stat) values
        ('media', 'sqlite_autoindex_media_1', '100000 1'), ('media', 'media_message', '100000 5000 500 2'),
        ('media', 'media_at', '100000 2'), ('media', 'media_needed', '100000 100000 2 2'),
        ('media', 'media_wanted', '1000 2'), ('media', 'media_gone', '100 1')`.execute(db);
      await sql`analyze sqlite_schema`.execute(db);
    },
  },
  '0023-plumbed-speakers': {
    async up(db) {
      await db.schema.alterTable('plumbing_names').addColumn('speaker', 'text').execute();
    },
  },
  '0024-account-numbers': {
    async up(db) {
      await db.schema.alterTable('accounts').addColumn('number', 'bigint').execute();
    },
  },
  // What one user has is asked whenever they come to a server: not among everybody's.
  '0025-accounts-owned': { index: { name: 'accounts_owned', on: 'accounts', by: '(domain, owner)' } },
};

/** The two differ in how a number counts up and in how a table lies on the disk. */
function isPostgres(db: Pick<Kysely<unknown>, 'getExecutor'>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
