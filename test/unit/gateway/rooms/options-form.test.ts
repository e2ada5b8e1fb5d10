/** CHECKLIST 45-81, 45-82, 45-84 and 004-03: options as fields, and what a submitted form asks for. */
import { describe, expect, test } from 'vitest';
import type { RoomOptions } from '../../../../src/bridge/contract.ts';
import { fieldsOf, readForm } from '../../../../src/gateway/rooms/options-form.ts';
import { formIn } from '../../../../src/gateway/translation.ts';
import { typedForm, valueField } from '../../../../src/xmpp/xep/0004-data-forms.ts';

const all: RoomOptions = {
  name: 'Verona',
  topic: 'Two households',
  isModerated: true,
  isMembersOnly: false,
  isPublic: true,
  noOutsideMessages: true,
  topicByModeratorsOnly: true,
  password: 'sesame',
  maxMembers: 42,
};
const values = (options: RoomOptions, isProtected?: boolean): Record<string, readonly string[]> =>
  Object.fromEntries(fieldsOf(options, isProtected).map((field) => [field.var ?? '', field.values]));
const submitted = (fields: Readonly<Record<string, string>>) =>
  typedForm(
    'submit',
    'http://jabber.org/protocol/muc#roomconfig',
    Object.entries(fields).map(([name, value]) => valueField(name, [value])),
  );
const read = (fields: Readonly<Record<string, string>>, isProtected?: boolean) =>
  readForm(submitted(fields), isProtected);

describe('the form', () => {
  test('45-84 a field for each option, with its value', () => {
    expect(values(all)).toEqual({
      'muc#roomconfig_roomname': ['Verona'],
      'muc#roomconfig_publicroom': ['1'],
      'muc#roomconfig_membersonly': ['0'],
      'muc#roomconfig_moderatedroom': ['1'],
      'muc#roomconfig_changesubject': ['0'],
      '{urn:isthmus:room}no-outside-messages': ['1'],
      'muc#roomconfig_passwordprotectedroom': ['1'],
      'muc#roomconfig_roomsecret': ['sesame'],
      'muc#roomconfig_maxusers': ['42'],
    });
  });

  test('45-84 none for what the network has not; a password that we are not shown is needed all the same', () => {
    expect(values({})).toEqual({});
    expect(values({ maxMembers: 0, password: '' }, true)).toEqual({
      'muc#roomconfig_passwordprotectedroom': ['1'],
      'muc#roomconfig_roomsecret': [''],
      'muc#roomconfig_maxusers': ['none'],
    });
  });

  test('45-84 the number that is set can be chosen again; secrets are typed unseen; every field has a label', () => {
    const fields = fieldsOf(all);
    const max = fields.find((field) => field.var === 'muc#roomconfig_maxusers');
    expect(max?.options.flatMap((option) => option.values)).toEqual(
      expect.arrayContaining(['none', '42', '50']) as string[],
    );
    expect(max?.options[0]).toEqual({ label: 'No limit', values: ['none'] });
    expect(fields.find((field) => field.var === 'muc#roomconfig_roomsecret')?.type).toBe('text-private');
    expect(fields.filter((field) => (field.label ?? '') === '')).toEqual([]);
  });

  test('GEN-10 in German every label and every objection is another', () => {
    const english = typedForm('form', 'http://jabber.org/protocol/muc#roomconfig', fieldsOf(all));
    formIn(english, 'de-AT').fields.forEach(({ label, options, ...field }, i) => {
      expect(english.fields[i]).toMatchObject(field);
      expect(options[0]?.label).toBe(options.length === 0 ? undefined : 'Unbegrenzt');
      if (i > 0) expect(label).not.toBe(english.fields[i]?.label);
    });
    const wrong = submitted({ 'muc#roomconfig_publicroom': 'x' });
    expect(readForm(wrong, false, 'de')).toEqual({ objection: '"Öffentlich aufgeführt" is either 1 or 0' });
  });
});

describe('what is asked', () => {
  test('45-82 the form as it was is what it was', () => {
    const same = Object.fromEntries(Object.entries(values(all)).map(([name, [value = '']]) => [name, value]));
    const { topic: _, ...asked } = all;
    expect(read(same, true)).toEqual({ change: asked });
  });

  test('004-03 what the form leaves out keeps its value', () => {
    expect(read({})).toEqual({ change: {} });
    expect(read({ 'muc#roomconfig_moderatedroom': 'true', unknown: 'x' })).toEqual({ change: { isModerated: true } });
  });

  test.each<readonly [Record<string, string>, boolean | undefined, string | undefined]>([
    [{ 'muc#roomconfig_passwordprotectedroom': '1', 'muc#roomconfig_roomsecret': 'new' }, false, 'new'],
    [{ 'muc#roomconfig_roomsecret': 'new' }, undefined, 'new'],
    [{ 'muc#roomconfig_passwordprotectedroom': '1', 'muc#roomconfig_roomsecret': '' }, true, undefined],
    [{ 'muc#roomconfig_passwordprotectedroom': '1' }, true, undefined],
    [{ 'muc#roomconfig_passwordprotectedroom': '0', 'muc#roomconfig_roomsecret': 'old' }, true, ''],
    [{ 'muc#roomconfig_passwordprotectedroom': '0' }, undefined, ''],
    [{ 'muc#roomconfig_passwordprotectedroom': '0' }, false, undefined],
  ])('45-84 the password: %j, protected %s: %s', (fields, isProtected, password) => {
    expect(read(fields, isProtected)).toEqual({ change: password === undefined ? {} : { password } });
  });

  test.each([
    ['none', 0],
    ['', 0],
    ['25', 25],
  ])('45-84 at most %s', (text, maxMembers) =>
    expect(read({ 'muc#roomconfig_maxusers': text })).toEqual({ change: { maxMembers } }),
  );

  test.each([
    [{ 'muc#roomconfig_passwordprotectedroom': '1', 'muc#roomconfig_roomsecret': '' }],
    [{ 'muc#roomconfig_passwordprotectedroom': '1' }],
    [{ 'muc#roomconfig_roomsecret': 'x'.repeat(301) }],
    [{ 'muc#roomconfig_roomname': 'x'.repeat(301) }],
    [{ 'muc#roomconfig_moderatedroom': 'maybe' }],
    [{ 'muc#roomconfig_maxusers': 'many' }],
    [{ 'muc#roomconfig_maxusers': '9999999' }],
  ])('45-82 %j can not be', (fields) => {
    expect(read(fields)).toEqual({ objection: expect.stringMatching(/\w/) });
    expect(JSON.stringify(read(fields))).not.toContain('xxxx');
  });
});
