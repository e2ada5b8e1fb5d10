/** MODE letters and their arguments. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSupport, readSupport } from '../../../../../bridges/irc/wire/isupport.ts';
import { readModes } from '../../../../../bridges/irc/wire/modes.ts';

const support = readSupport(defaultSupport, ['me', 'PREFIX=(qaohv)~&@%+', 'CHANMODES=beI,k,fl,imnpst']);
const shown = (...params: string[]) =>
  readModes(support, params).map(({ sign, mode, arg }) => `${sign}${mode}${arg === undefined ? '' : ` ${arg}`}`);

describe('readModes', () => {
  test.each([
    [['+o', 'alice'], ['+o alice']],
    [
      ['+ov-k', 'a', 'b', 'key'],
      ['+o a', '+v b', '-k key'],
    ],
    [
      ['+l-l', '10'],
      ['+l 10', '-l'],
    ],
    [
      ['-l+k', 'key'],
      ['-l', '+k key'],
    ],
    [
      ['+bbim', '*!*@x', '*!*@y'],
      ['+b *!*@x', '+b *!*@y', '+i', '+m'],
    ],
    [['mi'], ['+m', '+i']],
    [['+b'], ['+b']],
    [
      ['+oo', 'only'],
      ['+o only', '+o'],
    ],
    [
      ['+Xo', 'a'],
      ['+X', '+o a'],
    ],
    [['+-+'], []],
    [['', 'x'], []],
    [[], []],
  ])('%j', (params, changes) => expect(shown(...params)).toEqual(changes));

  test('without RPL_ISUPPORT by RFC 1459', () => {
    expect(readModes(defaultSupport, ['+oh', 'a', 'b'])).toEqual([
      { sign: '+', mode: 'o', arg: 'a' },
      { sign: '+', mode: 'h' },
    ]);
  });
  test('a server without ranks', () => {
    expect(readModes(readSupport(defaultSupport, ['me', 'PREFIX=']), ['+o', 'a'])).toEqual([{ sign: '+', mode: 'o' }]);
  });
  test('any parameters: never throws, one change a letter, arguments in order', () => {
    const letters = fc.string({
      unit: fc.oneof(
        fc.constantFrom('+', '-', 'o', 'v', 'b', 'k', 'l', 'i'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(letters, fc.array(fc.string()), (first, rest) => {
        const changes = readModes(support, [first, ...rest]);
        expect(changes).toHaveLength([...first].filter((letter) => letter !== '+' && letter !== '-').length);
        const args = changes.flatMap(({ arg }) => (arg === undefined ? [] : [arg]));
        expect(args).toEqual(rest.slice(0, args.length));
      }),
      { numRuns: 10_000 },
    );
  });
});
