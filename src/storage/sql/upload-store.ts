/** Texts that are read by a link, in SQL: every process of the gateway can store one, and every one can serve it. */
import { sql } from 'kysely';
import type { UploadStore } from '../ports.ts';
import { clean } from './archive-rows.ts';
import type { Database } from './database.ts';

/** How many rows one bite deletes. */
const bite = 100;

export function createUploadStore({ db }: Pick<Database, 'db'>): UploadStore {
  return {
    async add({ id, owner, at, text }, caps) {
      const body = clean(text);
      const bytes = Buffer.byteLength(body);
      // One statement. On PostgreSQL two at the same moment may go over a cap by one, which does no harm.
      await sql`
        insert into uploads (id, owner, at, bytes, body)
        select ${id}, ${owner}, cast(${at} as bigint), cast(${bytes} as integer), ${body}
        where (select count(*) from uploads where owner = ${owner}) < ${caps.perUser}
          and (select coalesce(sum(bytes), 0) from uploads) + ${bytes} <= ${caps.bytes}
        on conflict do nothing`.execute(db);
      return (await db.selectFrom('uploads').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
    },
    async find(id) {
      return (await db.selectFrom('uploads').select('body').where('id', '=', id).executeTakeFirst())?.body;
    },
    async expire(before, breathe = () => Promise.resolve()) {
      for (let deleted = 0; ; await breathe()) {
        const oldest = db.selectFrom('uploads').select('id').where('at', '<', before).orderBy('at').limit(bite);
        const { numDeletedRows } = await db.deleteFrom('uploads').where('id', 'in', oldest).executeTakeFirst();
        deleted += Number(numDeletedRows);
        if (numDeletedRows < bite) return deleted;
      }
    },
  };
}
