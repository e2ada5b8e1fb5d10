/** What every archive promises: order, pages, the map of ids, and that what is to go goes. Called by one test file for each database. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatId, personId } from '../../src/core/ids.ts';
import type { Archive, ArchiveQuery, ArchiveRow } from '../../src/storage/ports.ts';
import { gathered, idsOf, mantua, newPast, ref, verona } from './past.ts';

export function describeArchive(name: string, open: () => Archive): void {
  describe(`${name}: the archive`, () => {
    test('what is longer than an index takes keeps no other row back', async () => {
      const archive = open();
      const { account, row } = newPast();
      const long = randomBytes(2_000).toString('hex');
      const elsewhere = chatId(`#${long}`);
      await archive.add([
        row(1),
        row(2, { refs: [ref(long), ref('short')] }),
        row(3, { chat: elsewhere }),
        row(4, { refs: [ref('other')] }),
      ]);
      expect(idsOf(await archive.recent(account, verona, 10))).toEqual(idsOf([row(1), row(2), row(4)]));
      expect(await archive.find(account, verona, { ref: ref('short') })).toMatchObject({ id: row(2).id });
      expect(await archive.known(account, verona, [ref(long), ref('other')])).toEqual([false, true]);
      expect(await archive.recent(account, elsewhere, 10)).toEqual([]);
    });

    test('so is what is just as long as it takes, or longer in octets than in letters', async () => {
      const archive = open();
      const { account, row } = newPast();
      const octets = [2_590, 2_600, 2_601, 2_690, 2_705, 2_790].map((n) =>
        randomBytes(n / 2 + 1)
          .toString('hex')
          .slice(0, n),
      );
      const wide = String.fromCodePoint(...Array.from(randomBytes(1_500), (byte, n) => 0x4e00 + byte + (n % 50) * 256));
      const refs = [...octets, wide].map((name) => ref(name));
      await archive.add(refs.map((one, n) => row(n, { refs: [one] })));
      expect(await archive.known(account, verona, refs.slice(0, 2))).toEqual([true, true]);
      expect(await archive.recent(account, verona, 10)).toHaveLength(refs.length);
    });

    test('keeps no name that a bridge made up, and finds the row by what it has besides', async () => {
      const archive = open();
      const { account, row } = newPast();
      await archive.add([row(1, { refs: [ref('~1')] }), row(2, { refs: [ref('~2'), ref('named')] })]);
      const kept = await gathered(archive.all(account));
      expect(kept).toEqual([row(1), row(2, { refs: [ref('named')] })]);
      expect(await archive.known(account, verona, [ref('~1'), ref('named')])).toEqual([false, true]);
      expect(await archive.find(account, verona, { ref: ref('~1') })).toBeUndefined();
      expect((await archive.find(account, verona, { id: 'id-000001' }))?.id).toBe('id-000001');
    });

    test('is told whole, with all names of each message, however many there are', async () => {
      const archive = open();
      const { account, row } = newPast();
      const all = Array.from({ length: 700 }, (_, n) =>
        row(n, n % 3 === 0 ? {} : { refs: Array.from({ length: n % 3 }, (__, part) => ref(`m${n}`, part)) }),
      );
      await archive.add(all);
      expect(await gathered(archive.all(account))).toEqual(all);
    });

    test('names of a message come in their order, however many it has', async () => {
      const archive = open();
      const { account, row } = newPast();
      const long = row(1, { refs: Array.from({ length: 23 }, (_, n) => ref(`m${n}`)) });
      await archive.add([long]);
      expect(await gathered(archive.all(account))).toEqual([long]);
      expect(await archive.find(account, verona, { ref: ref('m22') })).toEqual(long);
    });

    test('takes more rows than are written in a turn of the loop, of many chats, each once and in order', async () => {
      const archive = open();
      const { account, row } = newPast();
      const chats = Array.from({ length: 7 }, (_, n) => chatId(`#chat${n}`));
      const all = Array.from({ length: 2_000 }, (_, n) => row(n, { chat: chats[(n * n) % 7] ?? verona }));
      await Promise.all([archive.add(all), archive.add(all.slice(500, 900)), archive.add([row(2_000)])]);
      for (const chat of chats) {
        const wanted = all.filter((one) => one.chat === chat);
        expect(idsOf(await gathered(archive.all(account, chat)))).toEqual(idsOf(wanted));
      }
      expect(idsOf(await gathered(archive.all(account, verona)))).toEqual(['id-002000']);
    });

    test('keeps every kind of row whole; a second copy changes nothing', async () => {
      const archive = open();
      const { account, row } = newPast();
      const all: readonly ArchiveRow[] = [
        row(1),
        row(2, { stanza: 'abc', by: personId("O'Neil"), refs: [ref('m2')] }),
        row(3, {
          stanza: 'id-000003',
          by: personId('oneil'),
          refs: [ref('m\t3', 2)],
          kind: 'edit',
          about: 'id-000002',
        }),
        row(4, { nick: '', kind: 'remark' }),
        row(5, { refs: [ref('m\t5'), ref('m5b'), ref('m5b', 1)], author: 'made of a JID' }),
      ];
      await archive.add([]);
      await archive.add(all.slice(0, 3));
      await archive.add([{ ...row(2), body: 'other' }, ...all.slice(3)]);
      expect(await gathered(archive.all(account))).toEqual(all);
    });

    test('what no database takes as it is does not hold back the rest', async () => {
      const archive = open();
      const { account, row } = newPast();
      const odd = { stanza: '\0\ud83d', by: personId('\ud83d\0') };
      await archive.add([row(1, { nick: 'half \ud83d', body: 'nul \0', refs: [ref('\ud83d\0')], ...odd }), row(2)]);
      const found = await archive.recent(account, verona, 10);
      expect(found.map(({ nick, body }) => nick + body)).toEqual(['half \ufffdnul \ufffd', `O'Neil${row(2).body}`]);
      expect(await archive.known(account, verona, [ref('\ud83d\0')])).toEqual([true]);
    });

    test('45-35 45-36 who joins is shown the newest messages, edits and remarks, oldest first; who was here, what became of them', async () => {
      const archive = open();
      const { account, row, rows } = newPast();
      const hidden = (['subject', 'retraction', 'reaction'] as const).map((kind, i) => row(10 + i, { kind }));
      await archive.add([...rows(1, 4), row(5, { kind: 'edit' }), row(6, { kind: 'remark' }), ...hidden]);
      expect(idsOf(await archive.recent(account, verona, 3))).toEqual(['id-000003', 'id-000005', 'id-000006']);
      expect(idsOf(await archive.recent(account, verona, 10, 1_003))).toEqual(
        ['03', '05', '06', '11', '12'].map((n) => `id-0000${n}`),
      );
      expect(await archive.recent(account, mantua, 10)).toEqual([]);
    });

    test('313-03 rows of one millisecond keep the order in which their ids were made', async () => {
      const archive = open();
      const { account, query } = newPast();
      const prefix = 'aB-_z';
      const ids = Array.from({ length: 80 }, (_, n) => prefix + n.toString(36).padStart(7, '0'));
      const shuffled = [...ids].sort((a, b) =>
        a.split('').reverse().join('') < b.split('').reverse().join('') ? -1 : 1,
      );
      await archive.add(shuffled.map((id) => ({ account, chat: verona, id, at: 5, nick: 'x', body: '' })));
      expect(idsOf((await archive.page(query({ max: 100 })))?.rows)).toEqual(ids);
      expect(idsOf((await archive.page(query({ after: ids[33] ?? '', max: 5 })))?.rows)).toEqual(ids.slice(34, 39));
      // Capitals, signs and small letters of two processes: by octets, whatever language the database sorts by.
      await archive.add(
        ['b1', '_1', 'B1', '-1', 'a1'].map((id) => ({ account, chat: mantua, id, at: 5, nick: 'x', body: '' })),
      );
      expect(idsOf((await archive.page(query({ chat: mantua })))?.rows)).toEqual(['-1', 'B1', '_1', 'a1', 'b1']);
      expect(idsOf((await archive.page(query({ chat: mantua, after: 'B1' })))?.rows)).toEqual(['_1', 'a1', 'b1']);
    });

    test('accounts and chats do not see each other', async () => {
      const archive = open();
      const [one, other] = [newPast(), newPast()];
      await archive.add([one.row(1), one.row(2, { chat: mantua }), other.row(3)]);
      expect(idsOf((await archive.page(one.query()))?.rows)).toEqual(['id-000001']);
      expect(idsOf((await archive.page(one.query({ chat: mantua })))?.rows)).toEqual(['id-000002']);
      expect(await archive.page(one.query({ after: 'id-000003' }))).toBeUndefined();
      expect(await archive.find(one.account, verona, { id: 'id-000003' })).toBeUndefined();
    });
  });

  describe(`${name}: pages`, () => {
    test('313-05 any walk through the pages, either way, sees every row once and in order', async () => {
      const archive = open();
      const { rows, query } = newPast();
      const all = rows(0, 45).map((one) => ({ ...one, at: 1_000 + Math.floor(one.at / 4) }));
      await archive.add(all);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 50 }), fc.boolean(), async (max, forwards) => {
          let seen: string[] = [];
          for (let edge: string | undefined; ; ) {
            const from: Partial<ArchiveQuery> = edge === undefined ? {} : forwards ? { after: edge } : { before: edge };
            const page = await archive.page(query({ max, order: forwards ? 'oldest' : 'newest', ...from }));
            const ids = idsOf(page?.rows) ?? [];
            expect(page?.count).toBe(45);
            if (ids.length > 0) expect(page?.index).toBe(all.findIndex(({ id }) => id === ids[0]));
            seen = forwards ? [...seen, ...ids] : [...ids, ...seen];
            expect(page?.complete).toBe(seen.length === all.length);
            edge = forwards ? ids.at(-1) : ids[0];
            if (page?.complete !== false) break;
          }
          expect(seen).toEqual(idsOf(all));
        }),
        { numRuns: 25 },
      );
    });

    test('313-04 start, end, after-id, before-id, ids and with, alone and together', async () => {
      const archive = open();
      const { row, rows, query } = newPast();
      const own = row(20, { nick: 'romeo', refs: [ref('own')] });
      const hers = row(21, { nick: 'Juliet', by: personId('juliet') });
      const nobodys = row(22, { nick: '', kind: 'subject' });
      const namesake = row(23, { nick: 'juliet', by: personId('tybalt') });
      await archive.add([...rows(1, 10, { by: personId("O'Neil") }), own, hers, nobodys, namesake]);
      const ids = async (more: Partial<ArchiveQuery>) => idsOf((await archive.page(query(more)))?.rows);
      const named = (...all: readonly number[]) => all.map((n) => row(n).id);
      expect(await ids({ start: 1_003, end: 1_005 })).toEqual(named(3, 4, 5));
      expect(await ids({ afterId: row(2).id, beforeId: row(5).id })).toEqual(named(3, 4));
      expect(await ids({ afterId: row(2).id, after: row(4).id, end: 1_006 })).toEqual(named(5, 6));
      expect(await ids({ ids: named(7, 2, 2) })).toEqual(named(2, 7));
      expect(await ids({ ids: [] })).toEqual([]);
      expect(await ids({ with: { own: true } })).toEqual([own.id]);
      expect(await ids({ with: { nick: 'Juliet' } })).toEqual([hers.id]);
      expect(await ids({ with: { by: personId('juliet') } })).toEqual([hers.id]);
      expect(await ids({ with: { by: personId("O'Neil") }, max: 2, order: 'newest' })).toEqual(named(8, 9));
      const last = { with: { by: personId("O'Neil") }, order: 'newest' } as const;
      expect((await archive.page(query({ ...last, max: 8 })))?.complete).toBe(false);
      expect((await archive.page(query({ ...last, max: 9 })))?.complete).toBe(true);
    });

    test('313-04 an id that is not there is told from an empty result', async () => {
      const archive = open();
      const { row, rows, query } = newPast();
      expect(await archive.page(query())).toEqual({ rows: [], complete: true, count: 0 });
      expect(await archive.page(query({ after: 'x' }))).toBeUndefined();
      await archive.add(rows(1, 3));
      for (const wrong of [
        { after: 'x' },
        { before: 'x' },
        { afterId: 'x' },
        { beforeId: 'x' },
        { ids: [row(1).id, 'x'] },
      ])
        expect(await archive.page(query(wrong))).toBeUndefined();
      expect(await archive.page(query({ start: 9_000 }))).toEqual({ rows: [], complete: true, count: 0 });
    });

    test('remarks are no part of the conversation; tombstones, edits, reactions and subjects are', async () => {
      const archive = open();
      const { row, query, account } = newPast();
      const kinds = ['remark', 'tombstone', 'edit', 'reaction', 'subject', 'retraction', 'remark'] as const;
      await archive.add(kinds.map((kind, i) => row(i, { kind })));
      expect((await archive.page(query()))?.rows.map(({ kind }) => kind)).toEqual(kinds.slice(1, 6));
      expect(await archive.metadata(account, verona)).toEqual({
        first: { id: row(1).id, at: 1_001 },
        last: { id: row(5).id, at: 1_005 },
      });
      expect(await archive.metadata(account, mantua)).toBeUndefined();
      expect(await archive.page(query({ ids: [row(1).id, row(0).id] }))).toBeUndefined();
    });

    test('059-01 a page of nothing counts all; a page of many rows counts only what is cheap', async () => {
      const archive = open();
      const { rows, query, row } = newPast();
      await archive.add(rows(0, 1_500));
      expect(await archive.page(query({ max: 0 }))).toEqual({ rows: [], complete: false, count: 1_500 });
      const page = await archive.page(query({ max: 2, after: row(9).id }));
      expect(page).toMatchObject({ index: 10, complete: false });
      expect(page?.count).toBeUndefined();
      expect((await archive.page(query({ order: 'newest', max: 2 })))?.index).toBeUndefined();
    });
  });

  describe(`${name}: the map of ids`, () => {
    test('359-01 a row is found by its id, by each of its names and by the stanza that made it', async () => {
      const archive = open();
      const { account, row } = newPast();
      const plain = row(1, { stanza: row(1).id });
      const split = row(2, { stanza: 'said', refs: [ref('a'), ref('b'), ref('b', 1)] });
      const find = (by: Parameters<Archive['find']>[2]) => archive.find(account, verona, by);
      expect(await find({ id: plain.id })).toBeUndefined();
      await archive.add([plain, split]);
      expect(await find({ id: plain.id })).toEqual(plain);
      expect(await find({ stanza: plain.id })).toEqual(plain);
      for (const one of [ref('a'), ref('b'), ref('b', 1)]) expect(await find({ ref: one })).toEqual(split);
      expect(await find({ ref: ref('a', 1) })).toBeUndefined();
      expect(await find({ stanza: 'said', nick: "O'Neil" })).toEqual(split);
      expect(await find({ stanza: 'said', nick: 'juliet' })).toBeUndefined();
      expect(await find({ stanza: plain.id, nick: 'juliet' })).toBeUndefined();
    });

    test('a stanza id that another author of the account’s gave too is found, and nothing else of that id', async () => {
      const archive = open();
      const { account, row } = newPast();
      const hers = { stanza: 'same', author: 'juliet' };
      await archive.add([
        row(1, { stanza: 'same', author: 'romeo' }),
        row(2, hers),
        row(3, { ...hers, kind: 'edit' }),
        row(4, { stanza: 'same', by: personId('tybalt') }),
        row(5, { stanza: 'old' }),
        row(6, { stanza: 'old', author: 'romeo' }),
        row(7, { stanza: 'only', author: 'romeo' }),
      ]);
      const other = async (stanza: string, notOf: string) =>
        (await archive.find(account, verona, { stanza, notOf }))?.id;
      expect([await other('same', 'romeo'), await other('same', 'juliet')]).toEqual([row(2).id, row(1).id]);
      expect([await other('old', 'romeo'), await other('only', 'romeo')]).toEqual([row(5).id, undefined]);
    });

    test('a stanza id that was used twice means the newer message', async () => {
      const archive = open();
      const { account, row } = newPast();
      await archive.add([
        row(1, { stanza: 'same' }),
        row(2, { stanza: 'same' }),
        row(3, { stanza: 'same', nick: 'else' }),
      ]);
      expect(await archive.find(account, verona, { stanza: 'same', nick: "O'Neil" })).toMatchObject({ id: row(2).id });
    });

    test('424-04 a message that was taken back stays as a tombstone in its place; what is about it is found', async () => {
      const archive = open();
      const { account, row, rows, query } = newPast();
      await archive.add([...rows(1, 4), row(5, { kind: 'reaction', about: row(2).id })]);
      const stone = row(2, { kind: 'tombstone', body: '<retracted/>' });
      await archive.change(stone);
      await archive.change(row(77, { kind: 'tombstone' }));
      await archive.add([row(6, { kind: 'retraction', about: row(2).id })]);
      expect((await archive.page(query({ max: 2 })))?.rows).toEqual([row(1), stone]);
      expect(idsOf(await archive.recent(account, verona, 10))).toEqual(idsOf(rows(1, 4)));
      expect((await archive.about(account, verona, row(2).id)).map(({ kind }) => kind)).toEqual([
        'reaction',
        'retraction',
      ]);
      expect(await archive.about(account, mantua, row(2).id)).toEqual([]);
    });

    test('MSG-09 it says which of many messages it has', async () => {
      const archive = open();
      const { account, row } = newPast();
      expect(await archive.known(account, verona, [ref('a')])).toEqual([false]);
      await archive.add([row(1, { refs: [ref('a'), ref('b')] })]);
      expect(await archive.known(account, verona, [ref('b'), ref('c'), ref('a')])).toEqual([true, false, true]);
      expect(await archive.known(account, verona, [])).toEqual([]);
    });
  });

  describe(`${name}: what goes`, () => {
    test('313-09 by age and by number, the oldest first, in bites', async () => {
      const archive = open();
      const { account, row, rows, query } = newPast();
      // Older than what any other test keeps: the rule is for all.
      const old = (one: ArchiveRow): ArchiveRow => ({ ...one, at: one.at - 1_000_000 });
      await archive.add([...rows(0, 1_300), row(1_300, { chat: mantua })].map(old));
      let breaths = 0;
      const breathe = async (): Promise<void> => {
        breaths += 1;
      };
      expect(await archive.expire({ before: old(row(1_200)).at }, breathe)).toBe(1_200);
      expect(breaths).toBeGreaterThan(2);
      expect(await archive.expire({ before: old(row(1_200)).at })).toBe(0);
      expect(await archive.expire({})).toBe(0);
      await archive.expire({ perRoom: 30 });
      expect((await archive.page(query({ max: 1 })))?.rows).toEqual([old(row(1_270))]);
      expect((await archive.page(query()))?.count).toBe(30);
      expect(await archive.recent(account, mantua, 10)).toHaveLength(1);
    });

    test('a chat or a whole account is forgotten, and what comes later is kept again', async () => {
      const archive = open();
      const [one, other] = [newPast(), newPast()];
      await archive.add([...one.rows(0, 600), one.row(700, { chat: mantua }), other.row(1)]);
      await archive.forget(one.account, verona);
      await archive.forget(one.account, chatId('#nowhere'));
      expect(idsOf(await gathered(archive.all(one.account)))).toEqual([one.row(700).id]);
      await archive.add([one.row(800)]);
      expect(idsOf(await gathered(archive.all(one.account, verona)))).toEqual([one.row(800).id]);
      await archive.forget(one.account);
      expect(await gathered(archive.all(one.account))).toEqual([]);
      expect(await gathered(archive.all(other.account))).toEqual([other.row(1)]);
    });

    test('an account that another process forgot is kept again where it begins anew', async () => {
      const [here, there] = [open(), open()];
      const { account, row } = newPast();
      await here.add([row(1)]);
      await there.forget(account);
      here.renew(account);
      await here.add([row(2)]);
      expect(await gathered(there.all(account))).toEqual([row(2)]);
    });

    test('an export of many rows is whole and in order', async () => {
      const archive = open();
      const { account, rows } = newPast();
      const all = rows(0, 1_234);
      await archive.add(all);
      expect(await gathered(archive.all(account))).toEqual(all);
    });
  });
}
