/** Reads the fields of a body or a query, gathering what is wrong with them, so that all of it is told at once. */
import { formProblem } from './problems.ts';

export interface Form {
  /** Is the field there, were it null? */
  has(field: string): boolean;
  /** Undefined: not there; null counts as not there, too. */
  text(field: string, size?: { min?: number; max?: number }): string | undefined;
  /** Null is a value of its own. */
  textOrNull(field: string, size?: { min?: number; max?: number }): string | null | undefined;
  /** Undefined also where it is no number. */
  number(field: string): number | undefined;
  whole(field: string, size?: { min?: number; max?: number }): number | undefined;
  flag(field: string): boolean | undefined;
  id(field: string): string | undefined;
  ids(field: string, most?: number): readonly string[] | undefined;
  list(field: string, most?: number): readonly Readonly<Record<string, unknown>>[] | undefined;
  object(field: string): Readonly<Record<string, unknown>> | undefined;
  /** Must be there. */
  needed<T>(field: string, value: T | undefined): T | undefined;
  wrong(field: string, code: string, message: string): void;
  /** Throws what was found wrong. */
  end(): void;
}

type Wrongs = Map<string, { code: string; message: string }[]>;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param prefix where the fields stand in the whole body */
export function formOf(body: unknown, prefix = '', wrongs: Wrongs = new Map()): Form {
  const fields = isObject(body) ? body : {};
  const wrong = (field: string, code: string, message: string): void => {
    const path = prefix === '' ? field : `${prefix}.${field}`;
    wrongs.set(path, [...(wrongs.get(path) ?? []), { code, message }]);
  };
  const get = (field: string): unknown => fields[field] ?? undefined;
  const text = (field: string, size: { min?: number; max?: number } = {}): string | undefined => {
    const value = get(field);
    if (value === undefined) return undefined;
    if (typeof value !== 'string')
      return wrong(field, 'STRING_TYPE_CONVERT', `Could not interpret "${value}" as string.`) as undefined;
    const fault = lengthFault([...value].length, size);
    if (fault !== undefined) wrong(field, ...fault);
    return value;
  };
  const id = (field: string, value: unknown): string | undefined => {
    if (/^\d{1,20}$/.test(String(value))) return String(value);
    wrong(field, 'NUMBER_TYPE_COERCE', `Value "${value}" is not snowflake.`);
    return undefined;
  };
  return {
    has: (field) => field in fields,
    text,
    textOrNull: (field, size) => (fields[field] === null ? null : text(field, size)),
    number: (field) => {
      const value = get(field);
      return typeof value === 'number' ? value : undefined;
    },
    whole: (field, size) => wholeNumber(field, get(field), size, wrong),
    flag: (field) => boolean(field, get(field), wrong),
    id: (field) => (get(field) === undefined ? undefined : id(field, get(field))),
    ids(field, most) {
      const found = array(field, get(field), most, wrong);
      return found?.flatMap((one, index) => id(`${field}.${index}`, one) ?? []);
    },
    list: (field, most) => array(field, get(field), most, wrong)?.filter(isObject),
    object: (field) => {
      const value = get(field);
      if (value === undefined || isObject(value)) return value;
      wrong(field, 'DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
      return undefined;
    },
    needed(field, value) {
      if (value === undefined && !wrongs.has(field)) wrong(field, 'BASE_TYPE_REQUIRED', 'This field is required');
      return value;
    },
    wrong,
    end() {
      if (wrongs.size > 0) throw formProblem(wrongs);
    },
  };
}

type Wrong = Form['wrong'];

/** What is wrong with a text of so many characters. */
function lengthFault(
  length: number,
  { min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number },
): [string, string] | undefined {
  if (min <= length && length <= max) return undefined;
  if (min > 0 && max < Number.POSITIVE_INFINITY)
    return ['BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`];
  return length > max
    ? ['BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`]
    : ['BASE_TYPE_MIN_LENGTH', `Must be ${min} or more in length.`];
}

function wholeNumber(
  field: string,
  value: unknown,
  { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {},
  wrong: Wrong,
): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (!Number.isInteger(number)) {
    wrong(field, 'NUMBER_TYPE_COERCE', `Value "${value}" is not int.`);
    return undefined;
  }
  if (number < min) wrong(field, 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${min}.`);
  if (number > max) wrong(field, 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${max}.`);
  return number;
}

function boolean(field: string, value: unknown, wrong: Wrong): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  if (value === 'true' || value === 'True' || value === '1') return true;
  if (value === 'false' || value === 'False' || value === '0') return false;
  wrong(field, 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
  return undefined;
}

function array(field: string, value: unknown, most: number | undefined, wrong: Wrong): readonly unknown[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    wrong(field, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    return undefined;
  }
  if (most !== undefined && value.length > most)
    wrong(field, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
  return value;
}

/** A query's fields. */
export const formOfQuery = (query: URLSearchParams): Form => formOf(Object.fromEntries(query));
