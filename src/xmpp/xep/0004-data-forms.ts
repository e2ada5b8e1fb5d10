/** XEP-0004 Data Forms, version 2.13.2: fields, forms, results with several items. */
import { all, attr, childText, element, flag, maybe, oneOf, optionalAttr, type TypeOf, texts } from '../codec.ts';
import { media } from './0221-media-element.ts';

export const DATA_FORMS = 'jabber:x:data';

/** §3.3 */
const types = oneOf(
  'boolean',
  'fixed',
  'hidden',
  'jid-multi',
  'jid-single',
  'list-multi',
  'list-single',
  'text-multi',
  'text-private',
  'text-single',
);

const option = element(DATA_FORMS, 'option', { label: optionalAttr('label'), values: texts('value') });

/** §3.2 */
export const field = element(DATA_FORMS, 'field', {
  var: optionalAttr('var'),
  type: optionalAttr('type', types),
  label: optionalAttr('label'),
  desc: childText('desc'),
  required: flag('required'),
  values: texts('value'),
  options: all(option),
  /** XEP-0221 */
  media: maybe(media),
});
export type Field = TypeOf<typeof field>;

/** §3.4 */
const reported = element(DATA_FORMS, 'reported', { fields: all(field) });
const item = element(DATA_FORMS, 'item', { fields: all(field) });

/** §3.1 */
export const dataForm = element(DATA_FORMS, 'x', {
  type: attr('type', oneOf('form', 'submit', 'cancel', 'result')),
  title: childText('title'),
  instructions: texts('instructions'),
  fields: all(field),
  reported: maybe(reported),
  items: all(item),
});
export type DataForm = TypeOf<typeof dataForm>;

/** A field of values alone, as in submissions and results. */
export const valueField = (name: string, values: readonly string[], type?: NonNullable<Field['type']>): Field => ({
  var: name,
  ...(type !== undefined && { type }),
  required: false,
  values,
  options: [],
});

/** A form with a hidden FORM_TYPE (XEP-0068 §3.1) and these fields. */
export const typedForm = (type: DataForm['type'], formType: string, fields: readonly Field[]): DataForm => ({
  type,
  instructions: [],
  fields: [valueField('FORM_TYPE', [formType], 'hidden'), ...fields],
  items: [],
});

/** The values of a field; undefined where the form has no such field, which keeps what was (§3.5, CHECKLIST 004-03). */
export function valuesOf(form: DataForm, name: string): readonly string[] | undefined {
  return form.fields.find((one) => one.var === name)?.values;
}

/** The first value of a field. */
export const firstValueOf = (form: DataForm, name: string): string | undefined => valuesOf(form, name)?.[0];

/** XEP-0068: what kind of form it is. */
export const formTypeOf = (form: DataForm): string | undefined => firstValueOf(form, 'FORM_TYPE');

/** §3.3: 1, 0, true and false; undefined for anything else. */
export function booleanOf(form: DataForm, name: string): boolean | undefined {
  const value = firstValueOf(form, name);
  return value === '1' || value === 'true' ? true : value === '0' || value === 'false' ? false : undefined;
}
