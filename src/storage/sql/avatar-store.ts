/** Pictures of networks' people in SQL: by the names that the networks give them, and by their hash. One picture is kept once, whoever wears it. */
import { sql } from 'kysely';
import type { AvatarStore, PictureInfo } from '../avatar-ports.ts';
import type { Database } from './database.ts';

/** How many names one question or one bite is about. */
const bite = 200;
/** How many pictures are compared with the names at once. */
const handful = 1_000;

export function createAvatarStore({ db }: Pick<Database, 'db'>): AvatarStore {
  /** The oldest, and their pictures where no other name has them. */
  async function forget(before: number): Promise<number> {
    const oldest = sql`select network, name from avatar_names where at < ${before} order by at limit ${bite}`;
    const { numDeletedRows } = await db
      .deleteFrom('avatar_names')
      .where(sql<boolean>`(network, name) in (${oldest})`)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  /**
   * One that is being kept at this moment may lose its picture: then it is fetched again. PostgreSQL makes no join of “not in”: it would look through all names for each
   * picture.
   */
  async function forgetUnnamed(breathe: () => Promise<void>): Promise<void> {
    for (let behind = ''; ; await breathe()) {
      const all = db.selectFrom('pictures').where('pictures.hash', '>', behind);
      const last = await all
        .select('hash')
        .orderBy('hash')
        .offset(handful - 1)
        .limit(1)
        .executeTakeFirst();
      const some = db.deleteFrom('pictures').where('pictures.hash', '>', behind);
      const these = last === undefined ? some : some.where('pictures.hash', '<=', last.hash);
      await these
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('avatar_names').select('network').whereRef('avatar_names.hash', '=', 'pictures.hash'))),
        )
        .execute();
      if (last === undefined) return;
      behind = last.hash;
    }
  }

  async function size(): Promise<number> {
    const { octets } = await db
      .selectFrom('pictures')
      .select(sql<number>`coalesce(sum(bytes), 0)`.as('octets'))
      .executeTakeFirstOrThrow();
    return Number(octets);
  }

  /** The time before which the older half of the names was kept. */
  async function middle(): Promise<number | undefined> {
    const { n } = await db
      .selectFrom('avatar_names')
      .select((one) => one.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    const half = db
      .selectFrom('avatar_names')
      .select('at')
      .orderBy('at')
      .offset(Math.floor(Number(n) / 2));
    const row = await half.limit(1).executeTakeFirst();
    return row === undefined ? undefined : Number(row.at) + 1;
  }

  return {
    async known(network, names) {
      const found = new Map<string, PictureInfo | null>();
      for (let at = 0; at < names.length; at += bite) {
        const rows = await db
          .selectFrom('avatar_names as named')
          .leftJoin('pictures', 'pictures.hash', 'named.hash')
          .select(['named.name', 'named.hash', 'type', 'width', 'height', 'bytes'])
          .where('network', '=', network)
          .where('named.name', 'in', names.slice(at, at + bite))
          .execute();
        for (const { name, hash, type, width, height, bytes } of rows) {
          if (hash === '') found.set(name, null);
          else if (type !== null && width !== null && height !== null && bytes !== null)
            found.set(name, { hash, type, width, height, bytes });
        }
      }
      return found;
    },
    async find(hash) {
      const row = await db.selectFrom('pictures').selectAll().where('hash', '=', hash).executeTakeFirst();
      if (row === undefined) return undefined;
      const { body, ...facts } = row;
      return { ...facts, base64: body };
    },
    async keep(network, name, picture, at) {
      if (picture !== undefined) {
        const { base64: body, ...facts } = picture;
        await db
          .insertInto('pictures')
          .values({ ...facts, body })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      const hash = picture?.hash ?? '';
      await db
        .insertInto('avatar_names')
        .values({ network, name, hash, at })
        .onConflict((conflict) => conflict.columns(['network', 'name']).doUpdateSet({ hash, at }))
        .execute();
    },
    async expire(before, bytes, breathe = () => Promise.resolve()) {
      let forgotten = 0;
      for (let some = bite; some === bite; await breathe()) {
        some = await forget(before);
        forgotten += some;
      }
      await forgetUnnamed(breathe);
      while ((await size()) > bytes) {
        const half = await middle();
        if (half === undefined) break;
        for (let some = bite; some === bite; await breathe()) {
          some = await forget(half);
          forgotten += some;
        }
        await forgetUnnamed(breathe);
      }
      return forgotten;
    },
    async forget(network, name) {
      const row = await db
        .deleteFrom('avatar_names')
        .where('network', '=', network)
        .where('name', '=', name)
        .returning('hash')
        .executeTakeFirst();
      if (row === undefined) return;
      const named = db.selectFrom('avatar_names').select('hash').where('hash', '=', row.hash);
      await db.deleteFrom('pictures').where('hash', '=', row.hash).where('hash', 'not in', named).execute();
    },
    async given(account) {
      const row = await db.selectFrom('given_profiles').selectAll().where('account', '=', account).executeTakeFirst();
      const { hash = null, nick = null } = row ?? {};
      return { ...(hash !== null && { hash }), ...(nick !== null && { nick }) };
    },
    async give(account, given) {
      await db
        .insertInto('given_profiles')
        .values({ account, ...given })
        .onConflict((conflict) => conflict.column('account').doUpdateSet(given))
        .execute();
    },
    async erase(account) {
      await db.deleteFrom('given_profiles').where('account', '=', account).execute();
    },
  };
}
