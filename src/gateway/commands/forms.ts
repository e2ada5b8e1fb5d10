/** A command's form as a data form (XEP-0004), and a submission as the answer to it. */
import type { CommandForm, CommandResult, FormAnswer, FormField } from '../../bridge/commands.ts';
import type { SettingValue } from '../../core/settings.ts';
import { booleanOf, type DataForm, type Field, valueField, valuesOf } from '../../xmpp/xep/0004-data-forms.ts';
import type { QrPicture } from './qr-picture.ts';
import type { Texts } from './texts.ts';
import { listedOf, longestText, readValue, textsOf } from './values.ts';

const types = {
  text: 'text-single',
  secret: 'text-private',
  lines: 'text-multi',
  flag: 'boolean',
  number: 'text-single',
  choice: 'list-single',
  choices: 'list-multi',
} as const satisfies Record<FormField['type'], NonNullable<Field['type']>>;

/** Where there are too many to choose from. */
const typed: Partial<Record<FormField['type'], NonNullable<Field['type']>>> = {
  choice: 'text-single',
  choices: 'text-multi',
};

/** The box that says to forget a secret, as an empty one says to keep it. */
export const forgetOf = (name: string): string => `forget_${name}`;

/** Titles and descriptions are one line (CHECKLIST 004-02). */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** One field, and for a secret that is set the box beside it. */
export function writeField(field: FormField, texts: Texts): readonly Field[] {
  const isSecret = field.type === 'secret';
  const listed = listedOf(field);
  const desc = [
    field.help,
    isSecret && field.isSet === true ? texts.leaveEmpty : undefined,
    listed === undefined ? texts.tooManyChoices(field.choices?.length ?? 0) : undefined,
  ]
    .filter(Boolean)
    .join(' ');
  const written: Field = {
    var: field.name,
    type: (listed === undefined ? typed[field.type] : undefined) ?? types[field.type],
    label: oneLine(field.label),
    ...(desc !== '' && { desc: oneLine(desc) }),
    required: field.required === true,
    values: isSecret ? [] : textsOf(field.value),
    options: (listed ?? []).map(({ value, label }) => ({ label, values: [value] })),
  };
  if (!isSecret || field.isSet !== true || field.required === true) return [written];
  const forget = valueField(forgetOf(field.name), ['false'], 'boolean');
  return [written, { ...forget, label: oneLine(texts.forget(field.label)) }];
}

/** The form to be filled in; `picture`: of its QR code. */
export function writeForm(form: CommandForm, texts: Texts, picture?: QrPicture): DataForm {
  const { title, text = [], fields, formType } = form;
  const shown = form.qr === undefined || picture === undefined ? [] : [pictureField(form.qr, picture)];
  return {
    type: 'form',
    title: oneLine(title),
    instructions: text.map(oneLine),
    fields: [...typeField(formType), ...shown, ...fields.flatMap((field) => writeField(field, texts))],
    items: [],
  };
}

/** XEP-0221 §2. Of the type that clients know media in (Gajim), with the text for those that don't; what comes back in it is not looked at. */
const pictureField = ({ text, label }: NonNullable<CommandForm['qr']>, { cid, type, size }: QrPicture): Field => ({
  ...valueField('qr', [text], 'text-single'),
  label: oneLine(label),
  media: { height: size, width: size, uris: [{ type, address: `cid:${cid}` }] },
});

const typeField = (formType: string | undefined): readonly Field[] =>
  formType === undefined ? [] : [valueField('FORM_TYPE', [formType], 'hidden')];

/** `missing`: a field that has to be filled in is not there. */
export type Submission = { readonly answer: FormAnswer } | { readonly fault: string } | { readonly missing: string };

/** What was left out is left out; what nobody asked for is not looked at (CHECKLIST 004-01, 004-03). */
export function readSubmission(fields: readonly FormField[], form: DataForm | undefined, texts: Texts): Submission {
  const answer: Record<string, SettingValue | null> = {};
  for (const field of fields) {
    const given = form === undefined ? undefined : valuesOf(form, field.name);
    const read = given === undefined ? undefined : readValue(field, given, texts);
    if (read !== undefined && 'fault' in read) return { fault: texts.wrong(field.label, read.fault) };
    const value = read?.value ?? (field.required === true ? field.value : undefined);
    if (value !== undefined && value !== null) answer[field.name] = value;
    else if (field.required === true && field.isSet !== true) return { missing: texts.missing(field.label) };
    else if (field.type === 'secret') {
      if (form !== undefined && booleanOf(form, forgetOf(field.name)) === true) answer[field.name] = null;
    } else if (read?.value === null) answer[field.name] = null;
  }
  return { answer };
}

/** The fields as somebody filled them in, for the form that is asked once more: what was right need not be written again. Secrets are not shown. */
export function refilled(fields: readonly FormField[], form: DataForm | undefined, texts: Texts): readonly FormField[] {
  return fields.map((field) => {
    const given = form === undefined || field.type === 'secret' ? undefined : valuesOf(form, field.name);
    if (given === undefined) return field;
    const { value: before, ...rest } = field;
    const read = readValue(field, given, texts);
    const value = 'fault' in read ? (mended(field, given) ?? before) : read.value;
    return value === null || value === undefined ? rest : { ...rest, value };
  });
}

/** What was wrong, to be mended; undefined where the form could not show it. */
function mended({ type }: FormField, given: readonly string[]): SettingValue | undefined {
  if (type !== 'text' && type !== 'number' && type !== 'lines') return undefined;
  const lines = given.flatMap((text) => text.split('\n'));
  if (lines.reduce((sum, line) => sum + line.length, 0) > 2 * longestText) return undefined;
  return type === 'lines' ? lines : lines[0];
}

type Facts = NonNullable<CommandResult['facts']>;

/**
 * A field for each row, called as its first column says, and not XEP-0004's table of several items (§3.4): Gajim 1.7 breaks off at one and waits for ever,
 * profanity and poezio show a form with nothing in it.
 */
function rowsAsFacts({ columns, rows }: NonNullable<CommandResult['table']>): Facts {
  const [first, ...others] = columns;
  if (first === undefined || rows.length === 0) return [];
  if (others.length === 0) return [{ label: first.label, value: rows.map((row) => row[first.name] ?? '').join('\n') }];
  return rows.map((row) => {
    const told = others.filter(({ name }) => (row[name] ?? '') !== '');
    const lines = told.map(({ name, label }) => (others.length === 1 ? '' : `${label}: `) + oneLine(row[name] ?? ''));
    return { label: row[first.name] ?? '', value: lines.join('\n') };
  });
}

/** What came of a command, where it is more than notes. */
export function writeResult(result: CommandResult, title: string): DataForm | undefined {
  const { table, formType } = result;
  const empty = { type: 'result', title: oneLine(title), instructions: [], fields: [], items: [] } as const;
  const facts = table === undefined ? result.facts : rowsAsFacts(table);
  if (facts === undefined || facts.length === 0) return undefined;
  const fields = facts.map(({ label, value, name }, i) => ({
    ...valueField(name ?? `fact${i + 1}`, value.split('\n'), value.includes('\n') ? 'text-multi' : 'text-single'),
    label: oneLine(label),
  }));
  return { ...empty, fields: [...typeField(formType), ...fields] };
}
