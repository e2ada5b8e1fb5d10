/** Reading what was submitted. */
import { expect, test } from 'vitest';
import {
  booleanOf,
  type DataForm,
  dataForm,
  firstValueOf,
  formTypeOf,
  typedForm,
  valueField,
  valuesOf,
} from '../../../../src/xmpp/xep/0004-data-forms.ts';
import { parse } from '../../../harness/markup.ts';

const submitted = (fields: string): DataForm | undefined =>
  dataForm.read(parse(`<x xmlns='jabber:x:data' type='submit'>${fields}</x>`));

test('004-03 an omitted field is not an empty one', () => {
  const form = submitted(
    "<field var='a'/><field var='b'><value/></field><field var='c'><value>1</value><value>2</value></field>",
  );
  expect(form && ['a', 'b', 'c', 'd'].map((name) => valuesOf(form, name))).toEqual([[], [''], ['1', '2'], undefined]);
  expect(form && ['a', 'b', 'c', 'd'].map((name) => firstValueOf(form, name))).toEqual([undefined, '', '1', undefined]);
});

test.each([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
  ['yes', undefined],
  ['', undefined],
])('004-03 the boolean %j is %s', (value, truth) => {
  const form = submitted(`<field var='b' type='boolean'><value>${value}</value></field>`);
  expect(form && booleanOf(form, 'b')).toBe(truth);
});

test('004-01 unknown fields are ignored, a field of an unknown type counts as one without', () => {
  const form = submitted("<field var='b' type='list-single-evil'><value>v</value></field><odd/>");
  expect(form?.fields).toEqual([{ var: 'b', required: false, values: ['v'], options: [] }]);
});

test('a form of no type is no form', () => {
  expect(dataForm.read(parse("<x xmlns='jabber:x:data'/>"))).toBeUndefined();
  expect(dataForm.read(parse("<x xmlns='jabber:x:data' type='odd'/>"))).toBeUndefined();
});

test('the kind of form is told by a hidden field that comes first', () => {
  const form = typedForm('result', 'urn:example:form', [valueField('a', ['1'], 'text-single')]);
  expect(formTypeOf(form)).toBe('urn:example:form');
  expect(dataForm.write(form).text).toBe(
    "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'><value>urn:example:form</value></field>" +
      "<field var='a' type='text-single'><value>1</value></field></x>",
  );
});
