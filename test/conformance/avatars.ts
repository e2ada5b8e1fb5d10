/** What every store of pictures promises. */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { accountId } from '../../src/core/ids.ts';
import type { AvatarStore, PictureRow } from '../../src/storage/avatar-ports.ts';

const picture = (bytes = 30): PictureRow => ({
  hash: randomBytes(20).toString('hex'),
  type: 'image/png',
  width: 64,
  height: 96,
  bytes,
  base64: randomBytes(bytes).toString('base64'),
});
const info = ({ base64: _, ...rest }: PictureRow) => rest;
const roomy = 1_000_000_000;

/** @param open the same store each time, of which nobody else makes use */
export function describeAvatars(name: string, open: () => AvatarStore): void {
  describe(`${name}: avatars`, () => {
    test('084-04 a picture is found by its name on the network and by its hash', async () => {
      const store = open();
      const network = randomUUID();
      const [one, other] = [picture(), picture(100_000)];
      await store.keep(network, 'O\'Neil "ü" 🙂', one, 1);
      await store.keep(network, 'large', other, 1);
      await store.keep(network, 'unusable', undefined, 1);
      const names = ['O\'Neil "ü" 🙂', 'large', 'unusable', 'never heard of'];
      expect(await store.known(network, names)).toEqual(
        new Map([
          ['O\'Neil "ü" 🙂', info(one)],
          ['large', info(other)],
          ['unusable', null],
        ]),
      );
      expect(await store.known(randomUUID(), names)).toEqual(new Map());
      expect(await store.find(other.hash)).toEqual(other);
      expect(await store.find(picture().hash)).toBeUndefined();
    });

    test('a thousand names are one question; the same name again has its new picture', async () => {
      const store = open();
      const network = randomUUID();
      const names = Array.from({ length: 1_000 }, (_, n) => `name ${n}`);
      const [first, second] = [picture(), picture()];
      for (const name of names) await store.keep(network, name, first, 1);
      await store.keep(network, 'name 7', second, 2);
      const known = await store.known(network, names);
      expect(known.size).toBe(1_000);
      expect([known.get('name 7'), known.get('name 8')]).toEqual([info(second), info(first)]);
    });

    test('a name can be forgotten, and its picture with it where no other name has it', async () => {
      const store = open();
      const network = randomUUID();
      const [own, shared] = [picture(), picture()];
      await store.keep(network, 'own', own, 1);
      for (const name of ['one', 'other']) await store.keep(network, name, shared, 1);
      await store.keep(network, 'none', undefined, 1);
      for (const name of ['own', 'one', 'none', 'never heard of']) await store.forget(network, name);
      expect(await store.known(network, ['own', 'one', 'other', 'none'])).toEqual(new Map([['other', info(shared)]]));
      expect([await store.find(own.hash), await store.find(shared.hash)]).toEqual([undefined, shared]);
      await store.forget(network, 'other');
      expect(await store.find(shared.hash)).toBeUndefined();
    });

    test('a name is forgotten on its network alone', async () => {
      const store = open();
      const [one, other] = [randomUUID(), randomUUID()];
      const [ours, theirs] = [picture(), picture()];
      await store.keep(one, 'ann', ours, 1);
      await store.keep(other, 'ann', theirs, 1);
      await store.forget(one, 'ann');
      expect(await store.known(one, ['ann'])).toEqual(new Map());
      expect(await store.known(other, ['ann'])).toEqual(new Map([['ann', info(theirs)]]));
      expect([await store.find(ours.hash), await store.find(theirs.hash)]).toEqual([undefined, theirs]);
    });

    test('what is old goes, and its picture with it where no other name has it', async () => {
      const store = open();
      await store.expire(Number.MAX_SAFE_INTEGER, roomy);
      const network = randomUUID();
      const [shared, old] = [picture(), picture()];
      for (let n = 0; n < 450; n++) await store.keep(network, `old ${n}`, n % 2 === 0 ? shared : old, n);
      await store.keep(network, 'young', shared, 450);
      let breaths = 0;
      expect(await store.expire(450, roomy, async () => void breaths++)).toBe(450);
      expect(breaths).toBeGreaterThan(1);
      expect(await store.known(network, ['young', 'old 1'])).toEqual(new Map([['young', info(shared)]]));
      expect([await store.find(shared.hash), await store.find(old.hash)]).toEqual([shared, undefined]);
    });

    test('all together are bounded: the oldest go until the rest fits', async () => {
      const store = open();
      await store.expire(Number.MAX_SAFE_INTEGER, roomy);
      const network = randomUUID();
      const all = Array.from({ length: 8 }, () => picture(3_000));
      for (const [at, one] of all.entries()) await store.keep(network, `${at}`, one, at);
      await store.expire(0, 3 * 3_000);
      const left = await Promise.all(all.map(({ hash }) => store.find(hash)));
      expect(left.filter((one) => one !== undefined).length).toBeLessThanOrEqual(3);
      expect(left.at(-1)).toEqual(all.at(-1));
      await store.expire(0, 0);
      expect(await store.known(network, ['7'])).toEqual(new Map());
    });

    test('100-40 what a network was given of somebody is remembered until they are erased', async () => {
      const store = open();
      const account = accountId(randomUUID());
      expect(await store.given(account)).toEqual({});
      await store.give(account, { hash: picture().hash });
      await store.give(account, { nick: 'Romeo' });
      await store.give(account, { hash: '' });
      expect(await store.given(account)).toEqual({ hash: '', nick: 'Romeo' });
      await store.erase(account);
      expect(await store.given(account)).toEqual({});
    });
  });
}
