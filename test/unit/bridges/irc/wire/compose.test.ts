/** Outgoing lines: the public vectors, and that no text becomes two lines or another parameter. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { tagged } from '../../../../../bridges/irc/message-caps.ts';
import { compose, guardLine } from '../../../../../bridges/irc/wire/compose.ts';
import { parseLine } from '../../../../../bridges/irc/wire/line.ts';
import { GatewayError } from '../../../../../src/core/errors.ts';

interface JoinVector {
  readonly desc: string;
  readonly atoms: {
    readonly tags?: Record<string, string>;
    readonly source?: string;
    readonly verb: string;
    readonly params?: string[];
  };
  readonly matches: readonly string[];
}
const joins: readonly JoinVector[] = parse(
  readFileSync(new URL('../vectors/msg-join.yaml', import.meta.url), 'utf8'),
).tests;

const codeOf = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    if (error instanceof GatewayError) return error.code;
    throw error;
  }
  return 'nothing thrown';
};

describe('the public vectors', () => {
  test('are there', () => expect(joins.length).toBeGreaterThan(10));
  test.each(joins.map((vector) => [vector.desc, vector] as const))('msg-join %s', (_, { atoms, matches }) => {
    const line = tagged(Object.entries(atoms.tags ?? {}), compose(atoms.verb, ...(atoms.params ?? [])));
    // A client's line names no source.
    const sourceless = matches.map((match) =>
      atoms.source === undefined ? match : match.replace(`:${atoms.source} `, ''),
    );
    expect(sourceless).toContain(line);
  });
});

describe('compose', () => {
  test.each([
    [['PRIVMSG', '#a', 'hi'], 'PRIVMSG #a hi'],
    [['PRIVMSG', '#a', 'hi there'], 'PRIVMSG #a :hi there'],
    [['PRIVMSG', '#a', ':)'], 'PRIVMSG #a ::)'],
    [['TOPIC', '#a', ''], 'TOPIC #a :'],
    [['QUIT'], 'QUIT'],
    [['001', 'a:b', 'c'], '001 a:b c'],
  ] as const)('%j', ([command, ...params], line) => expect(compose(command, ...params)).toBe(line));

  test.each([
    ['a CR', ['PRIVMSG', '#a', 'hi\rQUIT']],
    ['an LF', ['PRIVMSG', '#a', 'hi\r\nQUIT :pwned']],
    ['a NUL', ['PRIVMSG', '#a', 'a\0b']],
    ['an LF in the middle', ['PRIVMSG', '#a\nQUIT', 'hi']],
    ['a space in the middle', ['PRIVMSG', '#a b', 'hi']],
    ['a colon before the last', ['JOIN', ':#a', 'key']],
    ['an empty parameter before the last', ['JOIN', '', 'key']],
    ['a command with a space', ['PRIVMSG #a', 'hi']],
    ['an empty command', ['', 'hi']],
    ['a command with a line break', ['PING\n', 'hi']],
  ] as const)('%s is refused as bad-request', (_, [command, ...params]) => {
    expect(codeOf(() => compose(command, ...params))).toBe('bad-request');
  });

  test('holds 510 bytes and not one more, counted in UTF-8', () => {
    const room = 510 - 'PRIVMSG #a :'.length;
    expect(compose('PRIVMSG', '#a', ` ${'x'.repeat(room - 1)}`)).toHaveLength(510);
    expect(codeOf(() => compose('PRIVMSG', '#a', ` ${'x'.repeat(room)}`))).toBe('message-too-long');
    expect(codeOf(() => compose('PRIVMSG', '#a', ` ${'é'.repeat(room / 2)}`))).toBe('message-too-long');
  });

  test('any parameters: one line that reads back the same, or a refusal', () => {
    const hostile = fc.string({ unit: fc.constantFrom('a', ' ', ':', '\r', '\n', '\0', 'é', '😀', ',') });
    const text = fc.oneof(hostile, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (params) => {
        let line: string;
        try {
          line = compose('CMD', ...params);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
          return;
        }
        expect(line).not.toMatch(/[\r\n\0]/);
        expect(parseLine(line)?.command).toBe('CMD');
        expect(parseLine(line)?.params).toEqual(params);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('tagged', () => {
  test('has tags in front, escaped', () =>
    expect(tagged([['label', 'a b;c']], 'PING x')).toBe('@label=a\\sb\\:c PING x'));
  test('without tags is the plain line', () => expect(tagged([], 'PING x')).toBe('PING x'));
});

describe('guardLine', () => {
  test('lets a whole line pass', () => expect(guardLine('CAP LS 302')).toBe('CAP LS 302'));
  test.each(['a\r', 'a\nQUIT', 'a\0'])('refuses %j', (line) =>
    expect(codeOf(() => guardLine(line))).toBe('bad-request'),
  );
});
