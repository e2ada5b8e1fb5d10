/** From what people write to a field's value, and back to what they may see of it. */
import type { FormField } from '../../bridge/commands.ts';
import type { SettingValue } from '../../core/settings.ts';
import type { Texts } from './texts.ts';

/** `value: null`: emptied. */
export type Read = { readonly value: SettingValue | null } | { readonly fault: string };

export const longestText = 2_000;
const longestSecret = 16_384;
const mostLines = 100;
/** Of more to choose from the name is typed: no stanza holds them, and nobody looks through them. */
const mostChoices = 500;

/** What a list of the choices shows; undefined: there are too many. */
export const listedOf = ({ choices = [] }: FormField): FormField['choices'] =>
  choices.length > mostChoices ? undefined : choices;

const yes: ReadonlySet<string> = new Set(['1', 'true', 'yes', 'on', 'ja', 'an']);
const no: ReadonlySet<string> = new Set(['0', 'false', 'no', 'off', 'nein', 'aus']);

/** Controls, which no field of ours may hold; among them the ends of lines, by which a network would take one text for several. */
const controls = /[\u0000-\u001f\u007f]/;

/** @param given one text a value, as in a form; a text of several lines is as many values */
export function readValue(field: FormField, given: readonly string[], texts: Texts): Read {
  const read = readPlain(field, given, texts);
  if ('fault' in read || read.value === null) return read;
  const objection = field.objection?.(read.value);
  return objection === undefined ? read : { fault: objection };
}

function readPlain(field: FormField, given: readonly string[], texts: Texts): Read {
  const [first = ''] = given;
  switch (field.type) {
    case 'text':
      return readText(first.trim(), texts);
    case 'secret':
      return readSecret(field, given, texts);
    case 'number':
      return readNumber(first.trim(), texts);
    case 'flag':
      return readFlag(first.trim().toLowerCase(), texts);
    case 'lines':
      return readLines(given, texts);
    case 'choice':
    case 'choices':
      return readChoices(field, given, texts);
    default:
      return field.type satisfies never;
  }
}

function readText(text: string, texts: Texts): Read {
  if (text === '') return { value: null };
  if (text.length > longestText) return { fault: texts.tooLong(longestText) };
  return controls.test(text) ? { fault: texts.oneLine } : { value: text };
}

/** One that is checked by the network may have several lines (a certificate with its key has). */
function readSecret({ objection }: FormField, given: readonly string[], texts: Texts): Read {
  const text = given.join('\n');
  if (text === '') return { value: null };
  if (text.length > longestSecret) return { fault: texts.tooLong(longestSecret) };
  return objection === undefined && controls.test(text) ? { fault: texts.oneLine } : { value: text };
}

function readNumber(text: string, texts: Texts): Read {
  if (text === '') return { value: null };
  const value = Number(text);
  return /^-?\d{1,15}$/.test(text) ? { value } : { fault: texts.notNumber };
}

function readFlag(word: string, texts: Texts): Read {
  if (word === '') return { value: null };
  if (yes.has(word)) return { value: true };
  return no.has(word) ? { value: false } : { fault: texts.notFlag };
}

/** Empty lines say nothing. */
function readLines(given: readonly string[], texts: Texts): Read {
  const lines = given.flatMap((text) => text.split(/\r?\n/)).filter((line) => line.trim() !== '');
  if (lines.length === 0) return { value: null };
  if (lines.length > mostLines) return { fault: texts.tooMany(mostLines) };
  if (lines.some((line) => line.length > longestText)) return { fault: texts.tooLong(longestText) };
  return lines.some((line) => controls.test(line)) ? { fault: texts.oneLine } : { value: lines };
}

function readChoices({ type, choices = [] }: FormField, given: readonly string[], texts: Texts): Read {
  const known = new Set(choices.map(({ value }) => value));
  const typed = (): readonly string[] => given.flatMap((text) => text.split('\n')).map((text) => text.trim());
  const chosen = (choices.length > mostChoices ? typed() : given).filter((text) => text !== '');
  if (!chosen.every((text) => known.has(text))) {
    return {
      fault: texts.notChoice(
        choices
          .slice(0, 20)
          .map(({ label }) => label)
          .join(', '),
      ),
    };
  }
  const [only] = chosen;
  if (only === undefined) return { value: null };
  return { value: type === 'choice' ? only : [...new Set(chosen)] };
}

/** The texts of a value, one a value of a form. */
export function textsOf(value: SettingValue | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'object' ? value : [String(value)];
}

/** For people. A secret is not shown. */
export function shown(field: FormField, value: SettingValue | null | undefined, texts: Texts): string {
  if (field.type === 'secret') return field.isSet === true || typeof value === 'string' ? texts.isSet : texts.notSet;
  const label = (one: string): string => field.choices?.find((choice) => choice.value === one)?.label ?? one;
  if (value === undefined || value === null || label(String(value)) === '') return texts.none;
  if (typeof value === 'boolean') return value ? texts.yes : texts.no;
  if (typeof value === 'object') return value.length === 0 ? texts.none : value.map(label).join(', ');
  return label(String(value));
}
