/** Masks and host names: the public vectors. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isServerName } from '../../../../../bridges/irc/names.ts';
import { matches } from '../../../../../bridges/irc/wire/mask.ts';

const vectors = <Vector>(name: string): readonly Vector[] =>
  parse(readFileSync(new URL(`../vectors/${name}.yaml`, import.meta.url), 'utf8')).tests;

describe('the public vectors', () => {
  const masks = vectors<{ mask: string; matches?: readonly string[]; fails?: readonly string[] }>('mask-match');
  const pairs = masks.flatMap(({ mask, matches: good = [], fails = [] }) => [
    ...good.map((text) => [mask, text, true] as const),
    ...fails.map((text) => [mask, text, false] as const),
  ]);
  test('are there', () => expect(pairs.length).toBeGreaterThan(20));
  test.each(pairs)('mask-match %s on %s: %s', (mask, text, fits) => expect(matches(mask, text)).toBe(fits));

  // An alias of the configuration needs no dot, and names of services may begin with an underscore: what is none, its resolver says.
  const more = ['irc', 'com', '_irc._sctp.lol.net.uk'];
  const hosts = vectors<{ host: string; valid: boolean }>('validate-hostname');
  test.each(hosts.map(({ host, valid }) => [host, valid || more.includes(host)] as const))(
    'validate-hostname %j: %s',
    (host, valid) => expect(isServerName(host.toLowerCase())).toBe(valid),
  );
});
