/** What refuses a command, in the language of whoever ran it (GEN-10). By chat: chat.test.ts. */
import { expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { child, textOf } from '../../../harness/markup.ts';
import { createCommandWorld, domain, me, ns, read, server, submit } from './world.ts';

test('GEN-10 050-08 what ends a command is told in the language of whoever asks, where that is known', async () => {
  const world = createCommandWorld({ translate: (text) => (text === 'Say please' ? 'Sag bitte' : undefined) });
  const refuses = async (text: string, lang: string) => {
    world.state.refuses = new GatewayError('queue-full', { text });
    const step = async (attrs: string, inside = '') => {
      const command = `<command xmlns='${ns}' node='configure' ${attrs}>${inside}</command>`;
      const [answer] = await world.send(
        `<iq type='set' id='q' from='${me}' to='${server}' xml:lang='${lang}'>${command}</iq>`,
      );
      return read(answer as Element);
    };
    const { id } = await step('');
    return (await step(`sessionid='${id}'`, submit({ nick: 'benvolio' }))).notes;
  };
  expect(await refuses('At most 50 accounts here: remove one first', 'de')).toEqual([
    'error: Höchstens 50 Konten hier: entferne erst eines',
  ]);
  expect(await refuses('Say please', 'de-AT')).toEqual(['error: Sag bitte']);
  expect(await refuses('Begone, varlet', 'de')).toEqual(['error: Begone, varlet']);
  expect(await refuses('At most 50 accounts here: remove one first', 'fr')).toEqual([
    'error: At most 50 accounts here: remove one first',
  ]);
});

test('GEN-10 a command speaks the language that its iq or it itself begins with, to its end, and says which', async () => {
  const world = createCommandWorld();
  const step = async (attrs: string, inside = '', lang = '') => {
    const command = `<command xmlns='${ns}' node='configure' ${attrs}>${inside}</command>`;
    const [answer] = await world.send(`<iq type='set' id='q' from='${me}' to='${server}'${lang}>${command}</iq>`);
    return { ...read(answer as Element), lang: child(answer, 'command', ns)?.attrs['xml:lang'] };
  };
  for (const [attrs, lang] of [
    ["xml:lang='de-AT'", ''],
    ["xml:lang='en'", " xml:lang='de'"],
  ] as const) {
    const begun = await step(attrs, '', lang);
    expect([begun.lang, textOf(child(begun.form, 'title'))]).toEqual(['de', 'Einstellungen für net.test']);
    const wrong = await step(`sessionid='${begun.id}'`, submit({ max_history_length: 'many' }));
    expect([wrong.lang, wrong.notes]).toEqual(['de', ['error: „History“: Eine ganze Zahl.']]);
    const done = await step(`sessionid='${begun.id}' xml:lang='fr'`, submit({ nick: 'x' }));
    expect([done.lang, done.status]).toEqual(['de', 'completed']);
  }
  const { id, lang } = await step('');
  expect([lang, (await step(`sessionid='${id}' action='cancel'`, '', " xml:lang='de'")).lang]).toEqual(['en', 'en']);
});

test('GEN-10 an error of a command says in which language its words are', async () => {
  const world = createCommandWorld();
  const said = async (to: string, attrs: string, lang: string) => {
    const command = `<command xmlns='${ns}' ${attrs}/>`;
    const [answer] = await world.send(
      `<iq type='set' id='q' from='${me}' to='${to}' xml:lang='${lang}'>${command}</iq>`,
    );
    const text = child(child(answer, 'error'), 'text');
    return [text?.attrs['xml:lang'], text === undefined ? '' : textOf(text)];
  };
  for (const [attrs, english, german] of [
    ["node='configure' sessionid='made-up'", 'This form is not open', 'Dieses Formular ist nicht'],
    ["node='configure' action='cancel'", 'Nothing is open', 'Nichts ist offen'],
    ["node='configure' action='dance'", 'There is no action dance', 'Eine Aktion dance'],
    ["node='reload'", 'This is for the operators', 'Das ist den Betreibern'],
    ["node='none'", 'There is no command none', 'Einen Befehl none'],
  ] as const) {
    expect(await said(domain, attrs, 'de-AT')).toEqual(['de', expect.stringContaining(german)]);
    expect(await said(domain, attrs, 'fr')).toEqual(['en', expect.stringContaining(english)]);
  }
});
