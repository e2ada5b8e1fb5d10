/** RPL_ISUPPORT: the defaults, what real servers say, and nonsense. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSupport, readSupport } from '../../../../../bridges/irc/wire/isupport.ts';
import { parseLine } from '../../../../../bridges/irc/wire/line.ts';

const read = (...tokens: string[]) => readSupport(defaultSupport, ['me', ...tokens, 'are supported by this server']);

describe('readSupport', () => {
  test('Libera', () => {
    const first = readSupport(
      defaultSupport,
      parseLine(
        ':zinc.libera.chat 005 me ACCOUNTEXTBAN=a ETRACE FNC WHOX KNOCK SAFELIST ELIST=CMNTU CALLERID=g MONITOR=100 CHANTYPES=# EXCEPTS INVEX CHANMODES=eIbq,k,flj,CFLMPQRSTcgimnprstuz :are supported by this server',
      )?.params ?? [],
    );
    const support = readSupport(
      first,
      parseLine(
        ':zinc.libera.chat 005 me CHANLIMIT=#:250 PREFIX=(ov)@+ MAXLIST=bqeI:100 MODES=4 NETWORK=Libera.Chat STATUSMSG=@+ CASEMAPPING=rfc1459 NICKLEN=16 MAXNICKLEN=16 CHANNELLEN=50 TOPICLEN=390 DEAF=D :are supported by this server',
      )?.params ?? [],
    );
    expect(support).toMatchObject({
      whox: true,
      safelist: true,
      elist: 'CMNTU',
      monitor: 100,
      chanTypes: '#',
      excepts: 'e',
      invex: 'I',
      chanModes: { a: 'eIbq', b: 'k', c: 'flj', d: 'CFLMPQRSTcgimnprstuz' },
      prefixes: [
        { mode: 'o', symbol: '@' },
        { mode: 'v', symbol: '+' },
      ],
      modesAtOnce: 4,
      network: 'Libera.Chat',
      statusMsg: '@+',
      nickLength: 16,
      topicLength: 390,
    });
  });

  test('a bot mode, UTF8ONLY, LINELEN, chathistory and targets', () => {
    const support = read('BOT=B', 'UTF8ONLY', 'LINELEN=2048', 'CHATHISTORY=100', 'TARGMAX=PRIVMSG:4,join:,X:no');
    expect(support).toMatchObject({ bot: 'B', utf8only: true, lineLength: 2048, chatHistory: 100 });
    expect([...support.targets]).toEqual([
      ['PRIVMSG', 4],
      ['JOIN', Number.POSITIVE_INFINITY],
    ]);
  });

  test('five ranks, the highest first', () => {
    expect(read('PREFIX=(qaohv)~&@%+').prefixes.map(({ mode, symbol }) => mode + symbol)).toEqual([
      'q~',
      'a&',
      'o@',
      'h%',
      'v+',
    ]);
  });
  test('empty values: no ranks, no channels, any number of modes', () => {
    expect(read('PREFIX=', 'CHANTYPES=', 'MODES=', 'MONITOR')).toMatchObject({
      prefixes: [],
      chanTypes: '',
      modesAtOnce: Number.POSITIVE_INFINITY,
      monitor: Number.POSITIVE_INFINITY,
    });
  });
  test('escapes in a value', () =>
    expect(read('NETWORK=Example\\x20Net\\x5c\\x3D\\xZZ').network).toBe('Example Net\\=\\xZZ'));
  test('a negated token puts the default back', () => {
    const before = read('NETWORK=x', 'WHOX', 'NICKLEN=30', 'BOT=b');
    expect(
      readSupport(before, [
        'me',
        '-NETWORK',
        '-WHOX',
        '-NICKLEN',
        '-BOT',
        '-NOSUCH',
        '-',
        'are supported by this server',
      ]),
    ).toEqual(defaultSupport);
  });
  test('what was there before is left alone', () => {
    const before = read('NICKLEN=30');
    readSupport(before, ['me', 'NICKLEN=31']);
    expect(before.nickLength).toBe(30);
    expect(defaultSupport.nickLength).toBe(9);
  });

  test.each([
    'NICKLEN=',
    'NICKLEN=0',
    'NICKLEN=-5',
    'NICKLEN=1e9',
    'NICKLEN=99999999999',
    'PREFIX=(ov)@',
    'PREFIX=ov@+',
    'PREFIX=()',
    'PREFIX=(ov',
    'CHANMODES=b,k',
    'CHANMODES=',
    'CASEMAPPING=',
    'NETWORK=',
    'BOT=',
    'BOT=xy',
    '=',
    '=x',
    'LINELEN=10',
    'MODES=x',
    'MONITOR=x',
    '__proto__=x',
    'CONSTRUCTOR=x',
    '',
  ])('the malformed token %j changes nothing', (token) => expect(read(token)).toEqual(defaultSupport));

  test('a line that lacks everything', () => {
    expect(readSupport(defaultSupport, [])).toEqual(defaultSupport);
    expect(readSupport(defaultSupport, ['me'])).toEqual(defaultSupport);
  });

  test('any tokens: never throws, lengths stay positive and ranks whole', () => {
    const names = [
      'NICKLEN',
      'PREFIX',
      'CHANMODES',
      'CHANLIMIT',
      'TARGMAX',
      'MODES',
      'STATUSMSG',
      'CASEMAPPING',
      'MONITOR',
      'EXCEPTS',
      'LINELEN',
      'BOT',
    ];
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('(', ')', 'o', '@', ',', ':', '1', '\\', 'x20') }),
    );
    const token = fc
      .tuple(fc.constantFrom('', '-'), fc.constantFrom(...names), fc.constantFrom('', '='), value)
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(token, { maxLength: 8 }), (tokens) => {
        const support = readSupport(defaultSupport, ['me', ...tokens]);
        expect(support.nickLength).toBeGreaterThan(0);
        expect(support.lineLength).toBeGreaterThanOrEqual(512);
        for (const { mode, symbol } of support.prefixes) expect([mode.length, symbol.length]).toEqual([1, 1]);
      }),
      { numRuns: 10_000 },
    );
  });
});
