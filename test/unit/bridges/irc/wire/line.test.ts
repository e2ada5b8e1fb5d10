/** Lines apart: the public vectors, oddities, and no text that throws. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createLineReader, parseLine } from '../../../../../bridges/irc/wire/line.ts';

interface SplitVector {
  readonly input: string;
  readonly atoms: {
    readonly tags?: Record<string, string>;
    readonly source?: string;
    readonly verb: string;
    readonly params?: readonly string[];
  };
}
interface HostVector {
  readonly source: string;
  readonly atoms: { readonly nick?: string; readonly user?: string; readonly host?: string };
}
const vectors = (name: string) =>
  parse(readFileSync(new URL(`../vectors/${name}.yaml`, import.meta.url), 'utf8')).tests;

describe('the public vectors', () => {
  const splits: readonly SplitVector[] = vectors('msg-split');
  test('are there', () => expect(splits.length).toBeGreaterThan(30));
  test.each(splits.map((vector) => [vector.input, vector.atoms] as const))('msg-split %j', (input, atoms) => {
    const line = parseLine(input);
    expect(line?.command).toBe(atoms.verb);
    expect(line?.source).toBe(atoms.source ?? '');
    expect(line?.params).toEqual(atoms.params ?? []);
    expect(line?.tags && Object.fromEntries(line.tags)).toEqual(atoms.tags);
  });

  const hosts: readonly HostVector[] = vectors('userhost-split');
  test.each(hosts.map((vector) => [vector.source, vector.atoms] as const))('userhost-split %j', (source, atoms) => {
    const line = parseLine(`:${source} PING`);
    expect([line?.nick, line?.user, line?.host]).toEqual([atoms.nick ?? '', atoms.user ?? '', atoms.host ?? '']);
  });
});

describe('a line', () => {
  test.each(['', ' ', '   ', '@a=b', '@a=b ', '@', '@ ', ':src', ':src ', ':', ': ', '@a :b', '@a :b  '])(
    '%j has no command',
    (text) => {
      expect(parseLine(text)).toBeUndefined();
    },
  );
  test('may hold many parameters and many spaces', () => {
    expect(parseLine(`X${' p'.repeat(4000)}   `)?.params).toHaveLength(4000);
  });
  test('keeps a colon within a parameter', () => {
    expect(parseLine('MODE #a +b a:b :c d:e')?.params).toEqual(['#a', '+b', 'a:b', 'c d:e']);
  });
  test('has an empty last parameter where a colon stands alone', () => {
    expect(parseLine(':a!b@c QUIT :')?.params).toEqual(['']);
  });
  test('takes time in proportion to its length', () => {
    const hostile = `@${';'.repeat(1_000_000)} :${'!'.repeat(1_000_000)} ${'a '.repeat(1_000_000)}`;
    expect(parseLine(hostile)?.params).toHaveLength(999_999);
  });
});

describe('properties', () => {
  test('any text: never throws, and what it finds was in the text', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(':', ' ', '@', '!', ';', '=', '\\', 'a', '\x01', 'é') }),
    );
    fc.assert(
      fc.property(any, (text) => {
        const line = parseLine(text);
        if (line === undefined) return;
        expect(line.command).not.toBe('');
        expect(line.command).not.toContain(' ');
        for (const param of line.params) expect(text).toContain(param);
        for (const param of line.params.slice(0, -1)) expect(param).not.toMatch(/^:|[ ]|^$/);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('createLineReader', () => {
  test('what is heard again is taken apart once', () => {
    const read = createLineReader();
    expect(read(':a!b@c PRIVMSG #d :e')).toBe(read(':a!b@c PRIVMSG #d :e'));
  });
  test('says what parseLine says, whatever it has heard before', () => {
    const read = createLineReader();
    const end = fc.constantFrom('a', 'b', 'ab', '12345678', 'x12345678');
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.string({ maxLength: 4 }), end).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (line) => {
        expect(read(line)).toEqual(parseLine(line));
      }),
      { numRuns: 5_000 },
    );
  });
  test('does not keep long lines', () => {
    const read = createLineReader();
    const long = `PRIVMSG #a :${'x'.repeat(2_000)}`;
    expect(read(long)).not.toBe(read(long));
    expect(read(long)).toEqual(parseLine(long));
  });
});
