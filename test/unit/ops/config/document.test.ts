/** Where keys and values stand in a YAML text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Path, readYaml } from '../../../../src/ops/config/document.ts';

const text = `# comment
xmpp:
  host: 127.0.0.1
  port: 5347
list:
  - a: 1
    b: {c: 2, d: [x, y]}
  - &anchor
    a: 3
other: *anchor
"quoted key": z
`;

describe('the place of', () => {
  const { source } = readYaml(text);
  const cases: readonly (readonly [Path, string, string])[] = [
    [['xmpp', 'port'], '4:9', '4:3'],
    [['xmpp'], '2:1', '2:1'],
    [['xmpp', 'missing'], '2:1', '2:1'],
    [['list', 0, 'b', 'c'], '7:12', '7:9'],
    [['list', 0, 'b', 'd', 1], '7:22', '7:22'],
    [['list', 0, 'a', 'deeper'], '6:8', '6:8'],
    [['list', 7], '5:1', '5:1'],
    [['list', 0], '6:5', '6:5'],
    [['other', 'a'], '9:8', '9:5'],
    [['quoted key'], '11:15', '11:1'],
    [[], '2:1', '2:1'],
    [['nothing', 'at', 'all'], '2:1', '2:1'],
  ];
  test.each(cases)('%j', (path, value, key) => {
    const spell = ({ line, col }: { line: number; col: number }) => `${line}:${col}`;
    expect([spell(source.placeOf(path)), spell(source.placeOfKey(path))]).toEqual([value, key]);
  });
});

test('empty entries of maps are as if they were not there, those of lists stay', () => {
  expect(readYaml('a:\nb: { c: , d: 1 }\ne: [~, 1]').source.value).toEqual({ b: { d: 1 }, e: [null, 1] });
});

test('what JSON can say is read back as it was written', () => {
  const values = fc.jsonValue({ noUnicodeString: false }).filter((value) => !JSON.stringify(value).includes('null'));
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), values), (value) => {
      const { source, faults } = readYaml(stringify(value));
      expect(faults).toEqual([]);
      // YAML has no negative zero that survives; neither has a configuration.
      expect(JSON.stringify(source.value)).toBe(JSON.stringify(value));
    }),
  );
});

test.each([
  ['a: [1', true, '1:6'],
  ['a: "b', true, '1:6'],
  ['a: b: c', true, '1:4'],
  ['\ta: 1', true, '1:1'],
  ['a: 1\na: 2', false, '2:1'],
  ['a: *nobody', true, '1:4'],
])('%j is a fault at its place', (yaml, fatal, place) => {
  const [fault] = readYaml(yaml).faults;
  expect(fault && [fault.fatal, `${fault.line}:${fault.col}`]).toEqual([fatal, place]);
});
