/** The instruments themselves: patterns, counts and tallies that other tests and the bench believe. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { table } from '../../bench/report.ts';
import { Pieces, Scanner } from '../../bench/scan.ts';
import { Inbox } from '../../harness/inbox.ts';
import { codesOf, conditionOf, matcher, parse } from '../../harness/markup.ts';
import { numbersIn, tally } from '../../harness/numbered.ts';

describe('patterns', () => {
  const stanza = parse(
    `<presence xmlns='jabber:client' from='a@b/c' type='error'><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x><error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>`,
  );
  test.each([
    [`<presence/>`, true],
    [`<message/>`, false],
    [`<presence from='a@b/c'/>`, true],
    [`<presence from='other'/>`, false],
    [`<presence id='!' type='*'/>`, true],
    [`<presence type='!'/>`, false],
    [`<presence id='*'/>`, false],
    [`<presence><x><status code='110'/></x></presence>`, true],
    [`<presence><x><status code='210'/></x></presence>`, false],
    [`<presence><x xmlns='another'/></presence>`, false],
    [`<presence><error><forbidden/></error></presence>`, true],
  ])('%s: %s', (pattern, fits) => expect(matcher(pattern)(stanza)).toBe(fits));

  test('codes and conditions are read', () => {
    expect(codesOf(stanza)).toEqual([110]);
    expect(conditionOf(stanza)).toBe('forbidden');
  });
});

describe('the byte scanner', () => {
  test('counts the same however the bytes are cut', () => {
    const text = fc.array(fc.constantFrom('<body', '<presence', 'x', '<', 'bod'), { maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }), (parts, cuts) => {
        const all = parts.join('');
        const scanner = new Scanner(['<body', '<presence']);
        let at = 0;
        for (let i = 0; at < all.length; i++) {
          const size = cuts[i % cuts.length] ?? 1;
          scanner.take(Buffer.from(all.slice(at, at + size)));
          at += size;
        }
        expect(scanner.counts).toEqual([all.split('<body').length - 1, all.split('<presence').length - 1]);
      }),
    );
  });

  test('finds whole iqs however the bytes are cut', () => {
    const one = `<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>`;
    const two = `<iq type='result' id='2'/>`;
    const all = `<message/>${one}<presence/>${two}<message><body>iq</body></message>`;
    for (let size = 1; size < all.length; size++) {
      const pieces = new Pieces('<iq', /^<iq\b[^>]*?(?:\/>|>[\s\S]*?<\/iq>)/);
      const found: string[] = [];
      for (let at = 0; at < all.length; at += size) found.push(...pieces.take(Buffer.from(all.slice(at, at + size))));
      expect(found, `cut every ${size}`).toEqual([one, two]);
    }
  });
});

describe('tallies', () => {
  test('what is lost, late or double is counted', () => {
    expect(tally([[1, 3, 2, 3]], 4, new Set())).toEqual({ lost: [4], outOfOrder: [2], duplicates: 1 });
    expect(tally([[1, 3, 2]], 3, new Set([2]))).toEqual({ lost: [], outOfOrder: [], duplicates: 0 });
    expect(
      tally(
        [
          [1, 2],
          [2, 3],
        ],
        3,
        new Set(),
      ),
    ).toEqual({ lost: [], outOfOrder: [], duplicates: 0 });
  });

  test('numbers are read from lines of either side', () => {
    expect(numbersIn([':a!b@c PRIVMSG #d :xmpp 17', 'irc 4', undefined, 'xmpp x'], 'xmpp')).toEqual([17]);
  });
});

describe('the inbox', () => {
  test('one item satisfies one expectation', async () => {
    const inbox = new Inbox<number>('me', String);
    inbox.put(1);
    expect(await inbox.take((n) => n === 1, 'one')).toBe(1);
    await expect(inbox.take((n) => n === 1, 'a second one', 5)).rejects.toThrow(/not within 5 ms: a second one/);
    const waiting = inbox.take((n) => n === 2, 'two');
    inbox.put(2);
    expect(await waiting).toBe(2);
    inbox.end(new Error('over'));
    await expect(inbox.take(() => true, 'anything')).rejects.toThrow(/over/);
  });
});

test('the report has a ratio to biboumi where both were measured', () => {
  const numbers = new Map([
    [
      'x: µs',
      new Map([
        ['isthmus', [4, 5, 6]],
        ['biboumi', [10]],
      ]),
    ],
  ]);
  const [, , line] = table(numbers, ['isthmus', 'biboumi'], 3).split('\n');
  expect(line?.trim().split(/\s{2,}/)).toEqual(['x: µs', '5.0', '0.50', '10.0']);
});
