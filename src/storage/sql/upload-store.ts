/** Texts that are read by a link, in SQL: every process of the gateway can store one, and every one can serve it. */
import { sql } from 'kysely';
import type { SettingsOwner, UploadStore } from '../ports.ts';
import { clean } from './archive-rows.ts';
import type { Database } from './database.ts';

/** How many rows one bite deletes. */
const bite = 100;

export function createUploadStore({ db }: Pick<Database, 'db'>): UploadStore {
  const theirs = ({ domain, owner }: SettingsOwner) =>
    db.selectFrom('uploads').where('owner', '=', owner).where('domain', 'in', [domain, '']);

  return {
    async add({ id, owner, domain = '', isExport = false, at, text }, caps) {
      const body = clean(text);
      const bytes = Buffer.byteLength(body);
      // One statement. On PostgreSQL two at the same moment may go over a cap by one, which does no harm.
      await sql`
        insert into uploads (id, owner, domain, kind, at, bytes, body)
        select ${id}, ${owner}, ${domain}, ${isExport ? sql`'export'` : sql`null`},
          cast(${at} as bigint), cast(${bytes} as integer), ${body}
        where (select count(*) from uploads where owner = ${owner}) < ${caps.perUser}
          and (select coalesce(sum(bytes), 0) from uploads) + ${bytes} <= ${caps.bytes}
        on conflict do nothing`.execute(db);
      return (await db.selectFrom('uploads').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
    },
    async find(id) {
      return (await db.selectFrom('uploads').select('body').where('id', '=', id).executeTakeFirst())?.body;
    },
    async remove(owner, head) {
      const { numDeletedRows } = await db
        .deleteFrom('uploads')
        .where('owner', '=', owner)
        .where(sql`substr(id, 1, ${sql.lit(head.length)})`, '=', head)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
    async expire(before, breathe = () => Promise.resolve()) {
      for (let deleted = 0; ; await breathe()) {
        const oldest = db.selectFrom('uploads').select('id').where('at', '<', before).orderBy('at').limit(bite);
        const { numDeletedRows } = await db.deleteFrom('uploads').where('id', 'in', oldest).executeTakeFirst();
        deleted += Number(numDeletedRows);
        if (numDeletedRows < bite) return deleted;
      }
    },
    async *of(whose) {
      const ids = await theirs(whose).select('id').where('kind', 'is', null).orderBy('at').orderBy('id').execute();
      // One text at a time: they are long.
      for (const { id } of ids) {
        const row = await db.selectFrom('uploads').selectAll().where('id', '=', id).executeTakeFirst();
        if (row === undefined) continue;
        const { owner, domain, at, body } = row;
        yield { id, owner, ...(domain !== '' && { domain }), at, text: body };
      }
    },
    async erase({ domain, owner }, what) {
      const rows = db.deleteFrom('uploads').where('owner', '=', owner).where('domain', 'in', [domain, '']);
      await (what === 'all' ? rows : rows.where('kind', '=', 'export')).execute();
    },
  };
}
