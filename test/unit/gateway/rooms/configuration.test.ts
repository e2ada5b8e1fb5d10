/** CHECKLIST 45-80 to 45-85: muc#owner, and the user's own settings in the same form. */
import { describe, expect, test } from 'vitest';
import type { RoomOptions } from '../../../../src/bridge/contract.ts';
import type { SettingsFields } from '../../../../src/gateway/face.ts';
import { valueField } from '../../../../src/xmpp/xep/0004-data-forms.ts';
import { child, childrenOf, codesOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { asking, createWorld, desk, inbox, inVerona, phone, room, type World } from './world.ts';

const owner = 'http://jabber.org/protocol/muc#owner';
const iq = (type: string, inside: string, from = phone) =>
  `<iq type='${type}' id='o' from='${from}' to='${room}'><query xmlns='${owner}'>${inside}</query></iq>`;
const form = (fields: Readonly<Record<string, string>>, type = 'submit') => {
  const written = Object.entries(fields).map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`);
  return `<x xmlns='jabber:x:data' type='${type}'>${written.join('')}</x>`;
};
const none: SettingsFields = { fields: async () => [], knows: () => false, accepts: () => true, keep: async () => {} };
const said = (lang = '') => ({ ...valueField('record_history', ['true'], 'boolean'), label: lang });
const moderated = form({ 'muc#roomconfig_moderatedroom': '1' });

function withOptions(world: World, options: RoomOptions = { isModerated: false, maxMembers: 0 }): World {
  Object.assign(world.session.rooms ?? {}, { options: async () => options, setOptions: async () => {} });
  return world;
}
const hears = (world: World, markup: string) => world.hear(markup);
async function formFor(world: World, from = phone) {
  const { question } = hears(world, iq('get', '', from));
  const [answer] = inbox((await question?.(asking(world.session))) ?? [], from);
  return child(child(answer, 'query'), 'x', 'jabber:x:data');
}
const namesOf = (x: Awaited<ReturnType<typeof formFor>>) => childrenOf(x, 'field').map(({ attrs }) => attrs.var);

describe('seeing', () => {
  test('45-81 whoever is in sees what the network has', async () => {
    const x = await formFor(withOptions(inVerona(['Romeo'], [phone])));
    expect(x?.attrs.type).toBe('form');
    expect(namesOf(x)).toEqual(['FORM_TYPE', 'muc#roomconfig_moderatedroom', 'muc#roomconfig_maxusers']);
    expect(textOf(child(childrenOf(x, 'field')[0], 'value'))).toBe('http://jabber.org/protocol/muc#roomconfig');
  });

  test('45-81 where nothing can be set the query is empty; from outside it is forbidden', async () => {
    expect(await formFor(inVerona(['Romeo'], [phone]))).toBeUndefined();
    const world = inVerona(['Romeo'], [phone]);
    const { question } = world.hear(iq('get', '', desk));
    expect(inbox((await question?.(asking(world.session))) ?? [], desk).map(conditionOf)).toEqual(['forbidden']);
  });
});

describe('in German', () => {
  const german = (markup: string) => markup.replace('<iq ', "<iq xml:lang='de' ");

  test('GEN-10 45-81 the form, from inside and from outside', async () => {
    const settingsFields: SettingsFields = { ...none, fields: async (_, lang) => [said(lang)] };
    const world = withOptions(createWorld('romeo', {}, { settingsFields }));
    const texts = async () => {
      const { question } = hears(world, german(iq('get', '')));
      const [answer] = inbox((await question?.(asking(world.session))) ?? [], phone);
      const x = child(child(answer, 'query'), 'x', 'jabber:x:data');
      return [textOf(child(x, 'title')), ...childrenOf(x, 'field').map(({ attrs }) => attrs.label)];
    };
    expect(await texts()).toEqual(['Einstellungen des Raums', undefined, 'de']);
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo');
    entering.finish([]);
    expect(await texts()).toEqual([
      'Einstellungen des Raums',
      undefined,
      'Moderiert: nur wer Rederecht hat, darf sprechen',
      'Höchstzahl der Leute im Raum',
      'de',
    ]);
  });

  test('GEN-10 45-82 what is wrong with it; and what the network refuses later', () => {
    const world = withOptions(inVerona(['Romeo'], [phone]));
    const { stanzas } = hears(world, german(iq('set', form({ 'muc#roomconfig_moderatedroom': 'x' }))));
    const error = child(inbox(stanzas, phone)[0], 'error');
    expect(textOf(child(error, 'text'))).toBe(
      '„Moderiert: nur wer Rederecht hat, darf sprechen“ ist entweder 1 oder 0',
    );
    expect(hears(world, german(iq('set', moderated))).ask?.origin.lang).toBe('de');
  });
});

describe('changing', () => {
  test('45-82 a submitted form is an intent; its answer is the iq’s', () => {
    const { stanzas, ask } = hears(withOptions(inVerona(['Romeo'], [phone])), iq('set', moderated));
    expect(stanzas).toEqual([]);
    expect(ask).toMatchObject({
      intent: { kind: 'options', change: { isModerated: true } },
      origin: { via: 'iq', stanzaId: 'o', from: phone, to: room },
    });
  });

  test.each([
    ['45-80 an instant room', form({})],
    ['45-82 cancelled', form({}, 'cancel')],
  ])('%s: a result, and nothing else', (_, inside) => {
    const heard = hears(withOptions(inVerona(['Romeo'], [phone])), iq('set', inside));
    expect(heard.ask).toBeUndefined();
    expect(heard.stanzas).toMatchObject([{ kind: 'iq', type: 'result', id: 'o' }]);
  });

  test.each([
    ['45-82 what can not be', form({ 'muc#roomconfig_moderatedroom': 'x' }), 'not-acceptable'],
    ['45-85 ended from here', "<destroy jid='other@muc.test'><reason>x</reason></destroy>", 'not-allowed'],
    ['nothing', '', 'bad-request'],
    ['a form to fill in', form({}, 'form'), 'bad-request'],
  ])('%s', (_, inside, condition) => {
    const { stanzas, ask } = hears(withOptions(inVerona(['Romeo'], [phone])), iq('set', inside));
    expect([inbox(stanzas, phone).map(conditionOf), ask]).toEqual([[condition], undefined]);
  });

  test('45-73 a network whose rooms can not be configured', () => {
    const world = inVerona(['Romeo'], [phone]);
    const { ask } = hears(world, iq('set', moderated));
    if (ask === undefined) throw new Error('nothing was asked');
    expect(() => world.face.check(ask.intent, ask.origin)).toThrowError(
      expect.objectContaining({ code: 'network-cannot' }),
    );
    expect(() => withOptions(world).face.check(ask.intent, ask.origin)).not.toThrow();
  });

  test('45-83 clients hear of a change with 104, once', () => {
    const world = inVerona(['Romeo'], [phone]);
    world.topic({ name: '#verona', topicByModeratorsOnly: false });
    for (const change of [{ topicByModeratorsOnly: true }, { maxMembers: 5 }, { noOutsideMessages: true }]) {
      expect(inbox(world.topic(change), phone).map(codesOf)).toEqual([[104]]);
      expect(world.topic(change)).toEqual([]);
    }
  });
});

describe('the user’s own settings in the form', () => {
  function own() {
    const kept: unknown[] = [];
    const settingsFields: SettingsFields = {
      fields: async () => [valueField('record_history', ['true'], 'boolean')],
      knows: ({ fields }) => fields.some((field) => field.var === 'record_history'),
      accepts: () => true,
      keep: async (chat, { fields }) => void kept.push([chat, fields.at(-1)?.values]),
    };
    return { kept, world: withOptions(createWorld('romeo', {}, { settingsFields })) };
  }
  const record = form({ record_history: 'false' });

  test('stand behind the room’s for who is in, alone for who is not', async () => {
    const { world } = own();
    expect(namesOf(await formFor(world))).toEqual(['FORM_TYPE', 'record_history']);
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo');
    entering.finish([]);
    expect(namesOf(await formFor(world)).at(-1)).toBe('record_history');
    expect(namesOf(await formFor(world))).toHaveLength(4);
  });

  test('are kept, and then there is a result; with a change of the room that has the answer', async () => {
    const { world, kept } = own();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo');
    entering.finish([]);
    const alone = hears(world, iq('set', record));
    expect([alone.stanzas, alone.ask]).toEqual([[], undefined]);
    expect(await alone.question?.(asking(world.session))).toMatchObject([{ type: 'result', id: 'o' }]);
    const both = hears(world, iq('set', form({ 'muc#roomconfig_moderatedroom': '1', record_history: 'false' })));
    expect(both.ask?.intent).toMatchObject({ kind: 'options', change: { isModerated: true } });
    expect(await both.question?.(asking(world.session))).toEqual([]);
    expect(kept).toEqual([
      ['#verona', ['false']],
      ['#verona', ['false']],
    ]);
  });

  test('from outside the room’s own options are nobody’s to change, one’s own are', async () => {
    const { world, kept } = own();
    const { ask, question } = hears(world, iq('set', moderated));
    expect(ask).toBeUndefined();
    expect(inbox((await question?.(asking(world.session))) ?? [], phone).map(conditionOf)).toEqual(['forbidden']);
    const set = hears(world, iq('set', record)).question;
    expect(await set?.(asking(world.session))).toMatchObject([{ type: 'result', id: 'o' }]);
    expect(kept).toEqual([['#verona', ['false']]]);
  });
});
