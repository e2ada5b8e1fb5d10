/** Pictures of the network’s people: what is fetched, kept, believed and left alone. */
import { describe, expect, test } from 'vitest';
import { createPictures, type Load } from '../../../src/accounts/pictures.ts';
import { type Picture, pictureLimits } from '../../../src/core/picture.ts';
import type { AvatarStore, PictureRow } from '../../../src/storage/avatar-ports.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { base64, png, sha1 } from '../../harness/pictures.ts';
import { silentLog } from '../../harness/silent-log.ts';

function createWorld() {
  const names = new Map<string, PictureRow | null>();
  const rows = new Map<string, PictureRow>();
  const asked: string[][] = [];
  const state = { fails: false };
  const store: Pick<AvatarStore, 'known' | 'find' | 'keep'> = {
    async known(_, wanted) {
      asked.push([...wanted]);
      if (state.fails) throw new Error('the disk is full');
      return new Map(
        wanted.flatMap((name) => {
          const row = names.get(name);
          return row === undefined ? [] : [[name, row] as const];
        }),
      );
    },
    find: async (hash) => rows.get(hash),
    async keep(_, name, row) {
      if (state.fails) throw new Error('the disk is full');
      names.set(name, row ?? null);
      if (row !== undefined) rows.set(row.hash, row);
    },
  };
  const clock = createManualClock();
  const open = () => createPictures({ network: 'net.test', store, clock, log: silentLog });
  return { names, rows, asked, state, clock, open };
}

const never = new AbortController().signal;
const gives =
  (picture: Picture | undefined): Load =>
  async () =>
    picture;
const fails: Load = () => Promise.reject(new Error('500'));

describe('pictures', () => {
  test('153-02 084-04 are known by the SHA-1 of their bytes once they were fetched, and fetched once', async () => {
    const { open, names } = createWorld();
    const pictures = open();
    const one = png(1);
    let loads = 0;
    const load: Load = async () => {
      loads++;
      return one;
    };
    expect(pictures.known('a')).toBeUndefined();
    const all = await Promise.all([pictures.get('a', load, never), pictures.get('a', load, never)]);
    const info = { hash: sha1(one), type: 'image/png', width: 8, height: 8, bytes: one.bytes.length };
    expect(all).toEqual([info, info]);
    expect(await pictures.get('a', load, never)).toEqual(info);
    expect([pictures.known('a'), loads]).toEqual([info, 1]);
    expect(names.get('a')?.base64).toBe(base64(one));
    expect(await pictures.find('a', load, never)).toMatchObject({ hash: sha1(one), base64: base64(one) });
  });

  test('are found in the store by another life, all of one event by one question', async () => {
    const { open, asked } = createWorld();
    await open().get('a', gives(png(1)), never);
    const pictures = open();
    asked.length = 0;
    await pictures.learn(['a', 'b', 'a']);
    expect(asked).toEqual([['a', 'b']]);
    expect(pictures.known('a')).toMatchObject({ hash: sha1(png(1)) });
    expect(pictures.known('b')).toBeUndefined();
    expect(pictures.learn(['a', 'b'])).toBeUndefined();
    expect(await pictures.get('a', fails, never)).toMatchObject({ hash: sha1(png(1)) });
  });

  test('are asked for once by two who learn at the same time, and both wait', async () => {
    const { open, asked } = createWorld();
    const pictures = open();
    const both = [pictures.learn(['a']), pictures.learn(['a', 'b'])];
    expect(both).not.toContain(undefined);
    await Promise.all(both);
    expect(asked).toEqual([['a'], ['b']]);
  });

  test.each([
    ['one that is gone', undefined],
    ['one too large', png(1, 8, pictureLimits.bytes)],
    ['what is no picture', { bytes: Buffer.from('<html>') }],
  ])('%s is none, and remembered as that', async (_, picture) => {
    const { open } = createWorld();
    expect(await open().get('a', gives(picture), never)).toBeNull();
    const pictures = open();
    await pictures.learn(['a']);
    expect(pictures.known('a')).toBeNull();
    expect(await pictures.find('a', fails, never)).toBeUndefined();
  });

  test('one that could not be had is left alone for a while, then tried again', async () => {
    const { open, clock } = createWorld();
    const pictures = open();
    expect(await pictures.get('a', fails, never)).toBeUndefined();
    expect(await pictures.get('a', gives(png(1)), never)).toBeUndefined();
    await clock.advance(601_000);
    expect(await pictures.get('a', gives(png(1)), never)).toMatchObject({ hash: sha1(png(1)) });
  });

  test('what one account was fetching when it ended is fetched by the next that waits for it', async () => {
    const { open } = createWorld();
    const pictures = open();
    const first = new AbortController();
    const hangs: Load = (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    const theirs = pictures.get('a', hangs, first.signal);
    const ours = [1, 2].map(() => pictures.get('a', gives(png(1)), never));
    await new Promise((done) => setImmediate(done));
    first.abort();
    expect(await theirs).toBeUndefined();
    expect(await Promise.all(ours)).toMatchObject([{ hash: sha1(png(1)) }, { hash: sha1(png(1)) }]);
  });

  test('a network that does not answer is not waited for for ever', async () => {
    const { open, clock } = createWorld();
    const hangs: Load = (signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    const got = open().get('a', hangs, never);
    await new Promise((done) => setImmediate(done));
    await clock.advance(31_000);
    expect(await got).toBeUndefined();
  });

  test('eight are fetched at once, and of thousands that wait the last are not fetched', async () => {
    const { open } = createWorld();
    const pictures = open();
    const { promise, resolve } = Promise.withResolvers<void>();
    let now = 0;
    let most = 0;
    const load: Load = async () => {
      most = Math.max(most, ++now);
      await promise;
      now--;
      return png(1);
    };
    const all = Array.from({ length: 2_100 }, (_, n) => pictures.get(`${n}`, load, never));
    await new Promise((done) => setImmediate(done));
    expect(most).toBe(8);
    resolve();
    const got = await Promise.all(all);
    expect(got.filter((one) => one === undefined)).toHaveLength(2_100 - 2_008);
    expect([now, most]).toEqual([0, 8]);
  });

  test('without a store that works they are shown all the same, for as long as they are remembered', async () => {
    const { open, state } = createWorld();
    state.fails = true;
    const pictures = open();
    await pictures.learn(['a']);
    expect(await pictures.get('a', gives(png(1)), never)).toMatchObject({ hash: sha1(png(1)) });
    expect(await pictures.find('a', gives(png(1)), never)).toMatchObject({ base64: base64(png(1)) });
  });

  test('bytes that the store has lost are fetched again', async () => {
    const { open, rows } = createWorld();
    const pictures = open();
    await pictures.get('a', gives(png(1)), never);
    rows.clear();
    expect(await pictures.find('a', gives(png(1)), never)).toMatchObject({ base64: base64(png(1)) });
    expect(rows.size).toBe(1);
  });

  test('nobody’s picture has an endless name', async () => {
    const pictures = createWorld().open();
    expect(pictures.known('x'.repeat(600))).toBeNull();
    expect(pictures.learn(['x'.repeat(600)])).toBeUndefined();
  });
});
