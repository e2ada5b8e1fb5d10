/** CHECKLIST 030-04, 030-05, 055-01 to 055-03 and 433-01: rooms as items and by search. */
import { describe, expect, test } from 'vitest';
import { addresses } from '../../../../bridges/fake/addresses.ts';
import fake from '../../../../bridges/fake/index.ts';
import type { Rooms } from '../../../../src/bridge/contract.ts';
import { chatId } from '../../../../src/core/ids.ts';
import { createDecoder } from '../../../../src/gateway/decode/create-decoder.ts';
import { matcherOf } from '../../../../src/gateway/decode/search.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { cpuMs } from '../../../harness/cpu.ts';
import { child, childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { asking, inbox, noon, sessionOf, stanza } from '../rooms/world.ts';
import { domain, decoder as irc, me, server } from './world.ts';

const items = 'http://jabber.org/protocol/disco#items';
const info = 'http://jabber.org/protocol/disco#info';
const channels = [
  { chat: chatId('#verona'), name: '#verona', size: 12 },
  { chat: chatId('#mantua'), name: '#mantua', size: 40 },
  { chat: chatId('#padua'), name: '#padua' },
];
const create = (browsable: boolean, by = addresses) =>
  createDecoder({
    domain,
    addresses: by,
    allow: ['example.org'],
    admins: [],
    about: fake.about,
    version: '1',
    registration: 'none',
    browsable,
    startedAt: noon,
    now: () => noon,
  });
const decoder = create(true);
const nothing = async (): Promise<void> => {};
const connected = (list?: Rooms['list']) =>
  sessionOf('romeo', { rooms: { join: nothing, leave: nothing, ...(list !== undefined && { list }) } });
const live = connected(async ({ max }) => channels.slice(0, max));

const request = (payload: string, type: string, from = me, to = domain) =>
  stanza(`<iq type='${type}' id='q' from='${from}' to='${to}'>${payload}</iq>`);

/** The one answer, whether it is given at once or asked of the session. */
async function answer(payload: string, type = 'get', session: typeof live | 'away' = live): Promise<Element> {
  const decoded = decoder.decode(request(payload, type));
  if (decoded.is === 'answer') return inbox(decoded.stanzas, me)[0] as Element;
  if (decoded.is !== 'question') throw new Error(decoded.is);
  return inbox(await decoded.question(asking(session === 'away' ? undefined : session)), me)[0] as Element;
}
const featuresAt = (of: typeof decoder, to: string) => {
  const decoded = of.decode(request(`<query xmlns='${info}'/>`, 'get', me, to));
  const [one] = decoded.is === 'answer' ? inbox(decoded.stanzas, me) : [];
  return childrenOf(child(one, 'query'), 'feature').map(({ attrs }) => attrs.var);
};
const searches = ['jabber:iq:search', 'urn:xmpp:channel-search:0:search'];

describe('what is announced', () => {
  test('GEN-02 where rooms can be listed, and nowhere else', () => {
    expect(featuresAt(decoder, domain)).toEqual(expect.arrayContaining(searches));
    expect(featuresAt(create(false), domain)).not.toEqual(expect.arrayContaining(searches));
    expect(featuresAt(irc, server)).not.toEqual(expect.arrayContaining(searches));
  });
});

describe('030-05 items', () => {
  const query = (inside = '') => `<query xmlns='${items}'>${inside}</query>`;
  const listed = (one: Element) => childrenOf(child(one, 'query'), 'item').map(({ attrs }) => [attrs.jid, attrs.name]);

  test('with address, name and size, and how many there are', async () => {
    const one = await answer(query());
    expect(listed(one)).toEqual([
      [`#verona@${domain}`, '#verona (12)'],
      [`#mantua@${domain}`, '#mantua (40)'],
      [`#padua@${domain}`, '#padua'],
    ]);
    expect(textOf(child(child(child(one, 'query'), 'set'), 'count'))).toBe('3');
  });

  test('pages of a list that is told again as it was address nothing anew; another list is another one', async () => {
    let formatted = 0;
    const counting: typeof addresses = {
      ...addresses,
      format(address) {
        formatted++;
        return addresses.format(address);
      },
    };
    const many = Array.from({ length: 1_000 }, (_, n) => ({ chat: chatId(`#room${n}`), name: `#room${n}`, size: n }));
    let told = many;
    const session = connected(async () => told);
    const countingDecoder = create(true, counting);
    const page = async (set: string) => {
      const decoded = countingDecoder.decode(
        request(query(`<set xmlns='http://jabber.org/protocol/rsm'><max>10</max>${set}</set>`), 'get'),
      );
      if (decoded.is !== 'question') throw new Error(decoded.is);
      return listed(inbox(await decoded.question(asking(session)), me)[0] as Element);
    };
    expect((await page('')).at(-1)).toEqual([`#room9@${domain}`, '#room9 (9)']);
    const once = formatted;
    expect((await page(`<after>#room9@${domain}</after>`)).at(-1)).toEqual([`#room19@${domain}`, '#room19 (19)']);
    expect((await page('<before/>')).at(-1)).toEqual([`#room999@${domain}`, '#room999 (999)']);
    expect(formatted).toBe(once);
    told = many.slice(5);
    expect((await page(''))[0]).toEqual([`#room5@${domain}`, '#room5 (5)']);
  });

  test('030-06 an item says nothing more of its room than its address and name', async () => {
    const all = childrenOf(child(await answer(query()), 'query'), 'item');
    expect(all.map(({ attrs, children }) => [Object.keys(attrs).sort(), children])).toEqual(
      channels.map(() => [['jid', 'name'], []]),
    );
  });

  test('059-01 by pages; a place that is not there is not found', async () => {
    const behind = (jid: string) =>
      query(`<set xmlns='http://jabber.org/protocol/rsm'><max>1</max><after>${jid}</after></set>`);
    expect(listed(await answer(behind(`#verona@${domain}`)))).toEqual([[`#mantua@${domain}`, '#mantua (40)']]);
    await expect(answer(behind('x'))).rejects.toMatchObject({ code: 'no-such-item', condition: 'item-not-found' });
  });

  test('whoever waits no longer takes the network’s question back', async () => {
    const given: (AbortSignal | undefined)[] = [];
    const session = connected(async (_, signal) => {
      given.push(signal);
      return [];
    });
    const asked = asking(session);
    const decoded = decoder.decode(request(query(), 'get'));
    if (decoded.is !== 'question') throw new Error(decoded.is);
    await decoded.question(asked);
    expect(given).toEqual([asked.signal]);
  });

  test('030-04 nobody connected: an empty list; strangers learn nothing; a network that can not says so', async () => {
    expect(listed(await answer(query(), 'get', 'away'))).toEqual([]);
    expect(decoder.decode(request(query(), 'get', 'paris@elsewhere.test/x'))).toMatchObject({ is: 'answer' });
    await expect(answer(query(), 'get', connected())).rejects.toMatchObject({ code: 'network-cannot' });
  });
});

describe('055 search', () => {
  const submit = (fields: Readonly<Record<string, string>>, ns = 'jabber:iq:search') => {
    const inside = Object.entries({ FORM_TYPE: ns, ...fields }).map(
      ([n, v]) => `<field var='${n}'><value>${v}</value></field>`,
    );
    return `<x xmlns='jabber:x:data' type='submit'>${inside.join('')}</x>`;
  };
  const found = async (fields: Readonly<Record<string, string>>) => {
    const one = await answer(`<query xmlns='jabber:iq:search'>${submit(fields)}</query>`, 'set');
    const x = child(child(one, 'query'), 'x');
    return childrenOf(x, 'item').map((item) => childrenOf(item, 'field').map((field) => textOf(child(field, 'value'))));
  };

  test('055-01 the form', async () => {
    const one = await answer(`<query xmlns='jabber:iq:search'/>`);
    const x = child(child(one, 'query'), 'x');
    expect(childrenOf(x, 'field').map(({ attrs }) => attrs.var)).toEqual(['FORM_TYPE', 'name', 'min_users']);
    expect(textOf(child(child(one, 'query'), 'instructions'))).not.toBe('');
  });

  test('GEN-10 055-01 433-01 the forms, and what refuses one, in German', async () => {
    const german = async (payload: string, type: string): Promise<Element> => {
      const asked = decoder.decode(
        stanza(`<iq type='${type}' xml:lang='de' id='q' from='${me}' to='${domain}'>${payload}</iq>`),
      );
      if (asked.is !== 'answer') throw new Error(asked.is);
      const [one] = inbox(asked.stanzas, me) as [Element];
      expect(one.attrs['xml:lang']).toBe(type === 'get' ? 'de' : undefined);
      return one;
    };
    const form = child(child(await german(`<query xmlns='jabber:iq:search'/>`, 'get'), 'query'), 'x');
    expect(textOf(child(form, 'title'))).toBe('Räume suchen');
    expect(childrenOf(form, 'field').map(({ attrs }) => attrs.label)).toEqual([
      undefined,
      'Bezeichnung',
      'Mindestens so viele Leute',
    ]);
    const extended = child(child(await german(`<search xmlns='${searches[1]}'/>`, 'get'), 'search'), 'x');
    const order = childrenOf(extended, 'field').find(({ attrs }) => attrs.var === 'key');
    expect(childrenOf(order, 'option').map(({ attrs }) => attrs.label)).toEqual(['Zahl der Leute', 'Adresse']);
    const refused = child(await german(`<query xmlns='jabber:iq:search'/>`, 'set'), 'error');
    expect(textOf(child(refused, 'text'))).toBe('Eine Suche ist ein abgeschicktes Formular');
  });

  test('055-01 055-02 results are a table, the largest first', async () => {
    expect(await found({})).toEqual([
      ['#mantua', '40', `#mantua@${domain}`],
      ['#verona', '12', `#verona@${domain}`],
      ['#padua', '', `#padua@${domain}`],
    ]);
    expect((await found({ name: '*UA' })).map(([name]) => name)).toEqual(['#mantua', '#padua']);
    expect((await found({ min_users: '13' })).map(([name]) => name)).toEqual(['#mantua']);
  });

  test('055-01 no match is an empty query; what is no form is refused', async () => {
    const none = await answer(`<query xmlns='jabber:iq:search'>${submit({ name: 'rome' })}</query>`, 'set');
    expect(child(none, 'query')?.children).toEqual([]);
    expect(conditionOf(await answer(`<query xmlns='jabber:iq:search'><nick>x</nick></query>`, 'set'))).toBe(
      'bad-request',
    );
  });

  test('055-03 a hundred at most; not connected is said with what to do', async () => {
    const many = connected(async () =>
      Array.from({ length: 300 }, (_, i) => ({ chat: chatId(`#${i}`), name: `#${i}` })),
    );
    const one = await answer(`<query xmlns='jabber:iq:search'>${submit({})}</query>`, 'set', many);
    expect(childrenOf(child(child(one, 'query'), 'x'), 'item')).toHaveLength(100);
    const away = answer(`<query xmlns='jabber:iq:search'>${submit({})}</query>`, 'set', 'away');
    await expect(away).rejects.toMatchObject({ code: 'not-connected', message: /join a room there first/ });
  });
});

describe('433-01 extended search', () => {
  const ns = 'urn:xmpp:channel-search:0:search';
  const ask = (fields: Readonly<Record<string, string>>, page = '') => {
    const inside = Object.entries(fields).map(([n, v]) => `<field var='${n}'><value>${v}</value></field>`);
    return `<search xmlns='${ns}'>${page}<x xmlns='jabber:x:data' type='submit'>${inside.join('')}</x></search>`;
  };
  const found = async (fields: Readonly<Record<string, string>>, page = '') =>
    childrenOf(child(await answer(ask(fields, page)), 'result'), 'item').map(
      ({ attrs }) => attrs.address?.split('@')[0],
    );

  test('the form has all fields that are understood', async () => {
    const x = child(child(await answer(`<search xmlns='${ns}'/>`), 'search'), 'x');
    const names = childrenOf(x, 'field').map(({ attrs }) => attrs.var);
    expect(names).toEqual(expect.arrayContaining(['q', 'all', 'sinname', 'sinaddress', 'min_users', 'types', 'key']));
  });

  test('the form as it comes, but for the words, finds rooms of which nobody says how many are in them', async () => {
    const x = child(child(await answer(`<search xmlns='${ns}'/>`), 'search'), 'x');
    const asItComes = childrenOf(x, 'field').flatMap((field): [string, string][] => {
      const value = child(field, 'value');
      return value === undefined ? [] : [[field.attrs.var ?? '', textOf(value)]];
    });
    expect(await found({ ...Object.fromEntries(asItComes), q: 'padua' })).toEqual(['#padua']);
  });

  test('results with name, size and kind, by people or by address, by pages', async () => {
    const [first] = childrenOf(child(await answer(ask({ all: 'true' })), 'result'), 'item');
    expect(['name', 'nusers', 'service-type'].map((name) => textOf(child(first, name)))).toEqual([
      '#mantua',
      '40',
      'xep-0045',
    ]);
    expect(await found({ all: '1', key: '{urn:xmpp:channel-search:0:order}address' })).toEqual([
      '#mantua',
      '#padua',
      '#verona',
    ]);
    expect(await found({ q: 'ua', min_users: '2' })).toEqual(['#mantua']);
    expect(
      await found({ all: '1' }, `<set xmlns='http://jabber.org/protocol/rsm'><max>1</max><before/></set>`),
    ).toEqual(['#padua']);
    expect(await found({ q: 'irc.test', sinaddress: '0' })).toEqual([]);
    expect(await found({ q: 'irc.test' })).toHaveLength(3);
    expect(await found({ q: 'ver na' })).toEqual(['#verona']);
    expect(await found({ q: 'ver mantua' })).toEqual([]);
    expect(await found({ all: '1', types: 'xep-0369' })).toEqual([]);
  });

  test.each([
    [{ q: 'x', key: 'colour' }, 'feature-not-implemented', 'invalid-sort-key'],
    [{ q: 'x', all: 'true' }, 'bad-request', 'conflicting-fields'],
    [{ q: ' ' }, 'bad-request', 'invalid-search-terms'],
    [{ min_users: '3' }, 'bad-request', 'no-search-conditions'],
  ])('%j is %s, %s', async (fields, condition, detail) => {
    const one = await answer(ask(fields));
    expect([conditionOf(one), child(child(one, 'error'), detail)?.ns]).toEqual([
      condition,
      'urn:xmpp:channel-search:0:error',
    ]);
  });
});

describe('masks', () => {
  test.each([
    ['', '#verona', true],
    ['ERO', '#verona', true],
    ['x', '#verona', false],
    ['#ver*', '#verona', true],
    ['ver*', '#verona', false],
    ['*o?a', '#verona', true],
    ['*v*n*', '#verona', true],
    ['#?', '#verona', false],
    ['**', '', true],
    ['?', '', false],
  ])('%s on %s: %s', (mask, name, is) => expect(matcherOf(mask)(name)).toBe(is));

  test('no mask makes it slow', () => {
    const matches = matcherOf(`${'*a'.repeat(90)}*b`);
    const before = cpuMs();
    expect(matches('a'.repeat(20_000))).toBe(false);
    expect(cpuMs() - before).toBeLessThan(1_000);
  });
});
