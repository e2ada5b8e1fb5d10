/** CHECKLIST section 16, 13 to 15: what of a message is meant for people, and what nobody but its recipient could read. */
import { describe, expect, test } from 'vitest';
import { encryptionOf, withoutOffer } from '../../../../src/xmpp/xep/0380-encryption.ts';
import { cpuMs } from '../../../harness/cpu.ts';
import { child, conditionOf, parse } from '../../../harness/markup.ts';
import { answers, away, channel, contact, decode, domain, me, server } from './world.ts';

const message = (inside: string, to = channel) =>
  `<message type='${to === channel ? 'groupchat' : 'chat'}' id='m' from='${me}' to='${to}'>${inside}</message>`;
const said = (inside: string, to = channel) => {
  const decoded = decode(message(inside, to));
  return decoded.is === 'durable' && decoded.intent.kind === 'send' ? decoded.intent.content.text?.plain : decoded.is;
};
const fallback = (range: string, what = 'urn:xmpp:reactions:0') =>
  `<fallback xmlns='urn:xmpp:fallback:0' for='${what}'><body${range}/></fallback>`;

describe('fallbacks', () => {
  test('428-01 ranges count code points, not UTF-16', () => {
    const body = '<body>👍🏽 ok</body>';
    expect(said(body + fallback(" start='0' end='3'"))).toBe('ok');
    expect(said(body + fallback(" start='2'"))).toBe('👍🏽');
    expect(said(`<body>a👩‍🚀b</body>${fallback(" start='1' end='4'")}`)).toBe('ab');
  });

  test('428-02 only what is said natively is left out: a quotation stays', () => {
    expect(said(`<body>x</body>${fallback('')}`)).toBe('ignored');
    expect(said(`<body>&gt; a\nb</body>${fallback(" start='0' end='4'", 'urn:xmpp:reply:0')}`)).toBe('> a\nb');
  });

  test.each([" start='5' end='2'", " start='-1'", " end='x'", " start='99' end='100'", " start='0' end='0'"])(
    '428-01 a range that is none takes nothing:%s',
    (range) => expect(said(`<body>all of it</body>${fallback(range)}`)).toBe('all of it'),
  );
});

test('447-01 a file without an address is announced: the room answers, and nobody else hears of it', () => {
  const file = "<file-sharing xmlns='urn:xmpp:sfs:0' id='f'><file xmlns='urn:xmpp:file:metadata:0'/></file-sharing>";
  expect(decode(message(file)).is).toBe('mail');
  expect(decode(message(file, contact)).is).toBe('ignored');
  expect(away(message(file)).map(conditionOf)).toEqual(['not-acceptable']);
});

describe('ids of what is referred to', () => {
  test('444-01 a reaction is the whole set, by the id that it names', () => {
    const set =
      "<reactions xmlns='urn:xmpp:reactions:0' id='first'><reaction>👍</reaction><reaction>🎉</reaction></reactions>";
    expect(decode(message(set))).toMatchObject({
      is: 'durable',
      intent: { kind: 'react', target: { stanzaId: 'first' }, emoji: ['👍', '🎉'] },
    });
    expect(decode(message("<reactions xmlns='urn:xmpp:reactions:0' id='first'/>"))).toMatchObject({
      intent: { emoji: [] },
    });
  });
});

describe('380-01 380-02 what is encrypted comes back to its sender, and its stand-in text goes nowhere', () => {
  const omemo = "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>x</payload></encrypted>";
  const standIn = '<body>I sent you an OMEMO encrypted message</body>';
  test.each([
    ['OMEMO', omemo + standIn],
    ['OMEMO 1', "<encrypted xmlns='urn:xmpp:omemo:1'><payload>x</payload></encrypted>"],
    ['stanza content', "<encrypted xmlns='urn:xmpp:sce:1'>x</encrypted><body>encrypted</body>"],
    ['OMEMO 2', "<encrypted xmlns='urn:xmpp:omemo:2'><payload>x</payload></encrypted>"],
    ['OpenPGP', "<x xmlns='jabber:x:encrypted'>x</x><body>encrypted</body>"],
    ['OX', "<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp>"],
    ['OTR', '<body>?OTRv23?</body>'],
    ['PGP in the body', '<body>-----BEGIN PGP MESSAGE-----\nx</body>'],
    ['OMEMO media', '<body>look aesgcm://example.org/cat.png#0123</body>'],
    ['a mark alone', "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:example'/><body>no client of yours</body>"],
  ])('380-01 447-12 %s', (_, inside) => {
    for (const to of [channel, contact, `${server}/juliet`]) {
      expect(decode(message(inside, to)).is).toBe('mail');
      const [error] = away(message(inside, to));
      expect(error && conditionOf(error)).toBe('not-acceptable');
      expect(child(child(error, 'error'), 'text')?.children.join('')).toMatch(/encryption.*switch it off/);
    }
  });

  test.each([
    ['OMEMO', omemo],
    ['OMEMO 2', "<encrypted xmlns='urn:xmpp:omemo:2'><payload>x</payload></encrypted>"],
    ['OX', "<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp>"],
    ['a mark alone', "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:example'/>"],
  ])('380-01 %s without a stand-in text is more than the state that its client tells beside it', (_, secret) => {
    const inside = `${secret}<active xmlns='http://jabber.org/protocol/chatstates'/>`;
    for (const to of [channel, contact]) expect(away(message(inside, to)).map(conditionOf)).toEqual(['not-acceptable']);
    expect(answers(message(inside, domain)).map(conditionOf)).toEqual(['not-acceptable']);
  });

  test('380-01 where nobody reads at all it comes back at once', () => {
    for (const to of [server, domain]) expect(answers(message(omemo, to)).map(conditionOf)).toEqual(['not-acceptable']);
  });

  test('380-04 OTR data between two passes untouched, an offer and a room’s does not', () => {
    for (const text of ['?OTR:AAMC.', '?OTR,1,2,x,', '?OTR|1|2,1,2,x,']) {
      for (const to of [contact, `${channel}/juliet`, `net.test@${domain}/juliet`])
        expect(said(`<body>${text}</body>`, to)).toBe(text);
      expect(decode(message(`<body>${text}</body>`)).is).toBe('mail');
    }
    for (const to of [contact, `${channel}/juliet`])
      expect(decode(message('<body>?OTRv3?</body>', to)).is).toBe('mail');
    expect(answers(message('<body>?OTRv23?</body>', domain)).map(conditionOf)).toEqual(['not-acceptable']);
  });

  test('380-02 what its sender calls a method that nobody knows is said in a few words, on one line', () => {
    const called = (name: string, namespace = 'urn:x') =>
      encryptionOf(
        parse(
          `<message xmlns='jabber:client'><encryption xmlns='urn:xmpp:eme:0' name='${name}' namespace='${namespace}'/></message>`,
        ),
        undefined,
      )?.method;
    expect(called('Own Cipher')).toBe('Own Cipher');
    expect(called(`Own&#10;&#10;Cipher${'!'.repeat(5_000)}`)).toBe(`Own Cipher${'!'.repeat(30)}`);
    expect(called('Read this: https://evil.example', 'urn:xmpp:omemo:2')).toBe('OMEMO');
    expect(called(' ')).toBe('end-to-end');
  });

  test('380-04 offers that stand in the midst of what is said are gone through once', () => {
    const body = `${' \t  \t\t\t\t \t \t \t  '.repeat(15_000)}x `;
    const before = cpuMs();
    expect(withoutOffer(body)).toBe(body);
    expect(cpuMs() - before).toBeLessThan(1_000);
  });

  test('380-04 an offer that nobody sees is left out of what is said; other blanks stay', () => {
    const tag = ' \t  \t\t\t\t \t \t \t  ';
    const versions = '  \t\t  \t   \t\t  \t\t';
    for (const to of [channel, contact]) {
      expect(said(`<body>good night${tag}${versions}</body>`, to)).toBe('good night');
      expect(said(`<body>good night${tag}</body>`, to)).toBe('good night');
      expect(said(`<body>${tag}${versions}</body>`, to)).toBe('ignored');
      expect(said(`<body>a\t b \t </body>`, to)).toBe('a\t b \t ');
    }
  });

  test('380-04 keys without words are dropped in silence', () => {
    const keys = "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/></encrypted>";
    const state = "<paused xmlns='http://jabber.org/protocol/chatstates'/>";
    for (const inside of [keys, keys + state]) expect(decode(message(inside, contact))).toEqual({ is: 'ignored' });
    expect(decode(message(`${keys}<body>I sent you keys</body>`, contact))).toMatchObject({ is: 'mail' });
  });

  test('an error or a headline is not answered, encrypted or not', () => {
    for (const type of ['error', 'headline'])
      expect(answers(message(omemo, contact).replace("'chat'", `'${type}'`))).toEqual([]);
  });
});
