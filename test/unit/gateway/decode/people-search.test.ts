/** CHECKLIST 055-01 to 055-03 and 100-70 to 100-73: people by name, and the address of what was typed. */
import { describe, expect, test } from 'vitest';
import { addresses } from '../../../../bridges/fake/addresses.ts';
import fake from '../../../../bridges/fake/index.ts';
import { personId } from '../../../../src/core/ids.ts';
import { createDecoder } from '../../../../src/gateway/decode/create-decoder.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { child, childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { asking, inbox, noon, sessionOf, stanza } from '../rooms/world.ts';
import { domain, decoder as irc, me, server } from './world.ts';

const create = (findsPeople: boolean) =>
  createDecoder({
    ...{ domain, addresses, findsPeople },
    allow: ['example.org'],
    admins: [],
    about: fake.about,
    version: '1',
    registration: 'none',
    browsable: true,
    startedAt: noon,
    now: () => noon,
  });
const people = [
  { person: personId('juliet'), name: 'Juliet C.' },
  { person: personId('julia'), name: 'Julia' },
];
const live = sessionOf('romeo', {
  contacts: {
    list: async function* () {},
    about: async () => ({}),
    find: async (text) => people.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase())),
  },
});
const search = (fields: string) =>
  `<query xmlns='jabber:iq:search'><x xmlns='jabber:x:data' type='submit'>${fields}</x></query>`;
const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;
const typed = (text: string) => `<query xmlns='jabber:iq:gateway'><prompt>${text}</prompt></query>`;

async function answer(
  payload: string,
  type = 'set',
  { decoder = create(true), to = domain, session = live as typeof live | 'away', lang = '' } = {},
): Promise<Element> {
  const decoded = decoder.decode(
    stanza(`<iq type='${type}' id='q' from='${me}' to='${to}'${lang && ` xml:lang='${lang}'`}>${payload}</iq>`),
  );
  if (decoded.is === 'answer') return inbox(decoded.stanzas, me)[0] as Element;
  if (decoded.is !== 'question') throw new Error(decoded.is);
  return inbox(
    await decoded.question({
      ...asking(session === 'away' ? undefined : session),
      account: { ...asking(session === 'away' ? undefined : session).account, owner: 'x' },
    }),
    me,
  )[0] as Element;
}
const jidsOf = (found: Element) =>
  childrenOf(child(child(found, 'query'), 'x'), 'item').map((item) =>
    childrenOf(item, 'field')
      .map((one) => textOf(child(one, 'value')))
      .join(' '),
  );

describe('XEP-0055', () => {
  test('055-01 the form asks for a person and, where rooms can be listed, for a room, in one’s language', async () => {
    const form = child(child(await answer("<query xmlns='jabber:iq:search'/>", 'get', { lang: 'de' }), 'query'), 'x');
    expect(textOf(child(form, 'title'))).toBe('Leute suchen');
    expect(childrenOf(form, 'field').map(({ attrs }) => attrs.var)).toEqual(['FORM_TYPE', 'nick', 'name', 'min_users']);
  });

  test('055-01 055-02 people are found by name, each with an address that can be subscribed to; nobody is an empty query', async () => {
    expect(jidsOf(await answer(search(field('nick', 'juli'))))).toEqual([
      `Juliet C. juliet@${domain}`,
      `Julia julia@${domain}`,
    ]);
    expect(child(await answer(search(field('nick', 'paris'))), 'query')?.children).toEqual([]);
  });

  test('055-03 whoever is not connected is told so; without a person’s name it is rooms that are meant', async () => {
    const away = answer(search(field('nick', 'juli')), 'set', { session: 'away' as const });
    await expect(away).rejects.toMatchObject({ code: 'not-connected' });
    await expect(answer(search(field('name', 'verona')))).rejects.toMatchObject({ code: 'network-cannot' });
  });
});

describe('jabber:iq:gateway', () => {
  test('100-70 says what to type, in one’s language', async () => {
    const query = child(await answer("<query xmlns='jabber:iq:gateway'/>", 'get', { lang: 'de' }), 'query');
    expect(textOf(child(query, 'prompt'))).toBe('Name einer Person');
    expect(textOf(child(query, 'desc'))).toContain('Gib den Namen');
  });

  test('100-71 100-73 whom the network finds by exactly that name has that address; nobody, several and nothing are errors', async () => {
    for (const name of ['Juliet C.', 'JULIET', 'Juliet'])
      expect(textOf(child(child(await answer(typed(name)), 'query'), 'jid'))).toBe(`juliet@${domain}`);
    expect(conditionOf(await answer(typed('paris')))).toBe('item-not-found');
    expect(conditionOf(await answer(typed('juli')))).toBe('item-not-found');
    expect(conditionOf(await answer(typed(' ')))).toBe('not-acceptable');
    expect(
      textOf(child(child(await answer(typed('paris'), 'set', { session: 'away' as const }), 'query'), 'jid')),
    ).toBe(`paris@${domain}`);
  });

  test('GEN-10 what is refused says in which language', async () => {
    for (const refused of [
      await answer(typed(' '), 'set', { lang: 'de' }),
      await answer(typed('paris'), 'set', { lang: 'de' }),
      await answer(typed('juliet'), 'set', { lang: 'de', decoder: irc }),
    ]) {
      const text = child(child(refused, 'error'), 'text');
      expect([text?.attrs['xml:lang'], text && textOf(text)]).toEqual([
        'de',
        expect.stringMatching(/^(?:Gib den|Unter dem|Niemand)/),
      ]);
    }
  });

  test('GEN-10 what is shown to people says in which language it is: theirs where we speak it, else English', async () => {
    const questions = [
      answer("<query xmlns='jabber:iq:gateway'/>", 'get', { lang: 'de-AT' }),
      answer("<query xmlns='jabber:iq:gateway'/>", 'get', { lang: 'de-AT', decoder: irc }),
      answer("<query xmlns='jabber:iq:search'/>", 'get', { lang: 'de-AT' }),
      answer(search(field('nick', 'juli')), 'set', { lang: 'de-AT' }),
    ];
    for (const one of await Promise.all(questions)) expect(one.attrs['xml:lang']).toBe('de');
    const other = await answer("<query xmlns='jabber:iq:gateway'/>", 'get', { lang: 'fr' });
    expect(other.attrs['xml:lang']).toBe('en');
  });

  test('100-71 100-72 where nobody can be searched for it is the address as it would be written', async () => {
    const found = await answer(typed('Juliet'), 'set', { decoder: irc, to: server, session: sessionOf('romeo') });
    expect(textOf(child(child(found, 'query'), 'jid'))).toBe(`juliet%net@${domain}`);
    const room = await answer(typed('#verona'), 'set', { decoder: irc, to: server, session: sessionOf('romeo') });
    expect(conditionOf(room)).toBe('item-not-found');
  });

  test('100-71 whoever types an address has it back', async () => {
    const jidOf = async (text: string, to: string, decoder = irc) =>
      textOf(
        child(child(await answer(typed(text), 'set', { decoder, to, session: sessionOf('romeo') }), 'query'), 'jid'),
      );
    for (const text of [`Juliet%net.test@${domain}`, 'juliet%net.test', `xmpp:juliet%net.test@${domain}`])
      expect(await jidOf(text, server), text).toBe(`juliet%net.test@${domain}`);
    expect(textOf(child(child(await answer(typed(`paris@${domain}`)), 'query'), 'jid'))).toBe(`paris@${domain}`);
    expect(conditionOf(await answer(typed('paris')))).toBe('item-not-found');
    const elsewhere = await answer(typed(`juliet%other@${domain}`), 'set', { decoder: irc, to: server });
    expect(conditionOf(elsewhere)).toBe('item-not-found');
  });

  test('100-70 100-71 at a domain of many servers the server is typed with the name', async () => {
    const asked = async (text: string, to = domain) => answer(typed(text), 'set', { decoder: irc, to });
    const query = child(await answer("<query xmlns='jabber:iq:gateway'/>", 'get', { decoder: irc }), 'query');
    expect(textOf(child(query, 'desc'))).toContain('nick%irc.example.org');
    for (const text of ['Juliet%Net.test', 'juliet@net.test', ' juliet  net.test ', `juliet%net.test@${domain}`])
      expect(textOf(child(child(await asked(text), 'query'), 'jid')), text).toBe(`juliet%net.test@${domain}`);
    for (const text of [
      'juliet',
      '',
      '#verona%net.test',
      'juliet%10.0.0.1',
      'two words net.test',
      `juliet@${domain}`,
    ]) {
      const refused = await asked(text);
      expect([conditionOf(refused), textOf(child(child(refused, 'error'), 'text'))], text).toEqual([
        'not-acceptable',
        'Type the name of the person and their server, as in: nick%irc.example.org',
      ]);
    }
  });
});
