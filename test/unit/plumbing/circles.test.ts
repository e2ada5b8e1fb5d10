/** Rooms that are joined already, by whatever way. */
import { expect, test } from 'vitest';
import { isConnected, type Joint } from '../../../src/plumbing/circles.ts';

const joints: readonly Joint[] = [
  ['#a', 'muc1'],
  ['#b', 'muc1'],
  ['#b', 'muc2'],
  ['#c', 'muc3'],
];

test.each<[string, string, boolean]>([
  ['#a', 'muc1', true],
  ['#a', 'muc2', true],
  ['#a', '#b', true],
  ['#a', 'muc3', false],
  ['#c', 'muc1', false],
  ['#d', 'muc4', false],
  ['#d', '#d', true],
])('%s and %s: %s', (from, to, are) => expect(isConnected(joints, [from, to])).toBe(are));
