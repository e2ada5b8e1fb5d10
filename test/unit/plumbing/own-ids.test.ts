/** A plumbing knows its own words by their ids, and nobody else's. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOwnIds } from '../../../src/plumbing/own-ids.ts';
import { createOccupantIds } from '../../../src/process/ids.ts';

const mac = createOccupantIds(new Uint8Array(32).fill(1));
const [ours, others] = [createOwnIds('one', mac), createOwnIds('two', mac)];

test('what is signed is read back, by who signed it alone', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (room) => {
      const id = ours.sign(room);
      expect(ours.read(id)).toBe(room);
      expect(others.read(id)).toBeUndefined();
      expect(ours.sign(room)).toBe(id);
    }),
  );
});

test.each([undefined, '', 'x', '.0123456789abcdef', `G${'.'.repeat(17)}`, `${ours.sign('a')}x`])(
  '%j is nobody’s',
  (id) => expect(ours.read(id)).toBeUndefined(),
);
