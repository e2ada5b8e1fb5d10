/** What is wrong with a form that Discord refused (50035): the first fault, with the field that has it. */
import { GatewayError } from '#bridge';

interface Fault {
  /** "embeds.0.title"; '': the whole. */
  readonly field: string;
  /** As Discord names it: "BASE_TYPE_REQUIRED". */
  readonly code: string;
  readonly message: string;
}

const deepest = 8;
const fieldsAtMost = 50;
const longestField = 60;
const longestMessage = 200;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const brief = (value: unknown, atMost: number): string =>
  typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().slice(0, atMost).toWellFormed() : '';

/** API reference, "Error Messages": an object of fields, each with objects of its own or with `_errors`. */
function faultIn(node: unknown, path: readonly string[] = []): Fault | undefined {
  if (!isObject(node) || path.length > deepest) return undefined;
  const [own] = Array.isArray(node._errors) ? (node._errors as readonly unknown[]) : [];
  if (isObject(own)) {
    const field = brief(path.join('.'), longestField);
    return { field, code: brief(own.code, longestField), message: brief(own.message, longestMessage) };
  }
  for (const name of Object.keys(node).slice(0, fieldsAtMost)) {
    const found = faultIn(node[name], [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The field that Discord refused, where an error of the API's names one. */
export function refusedField(error: unknown): string | undefined {
  const raw = isObject(error) ? error.rawError : undefined;
  return isObject(raw) ? faultIn(raw.errors)?.field : undefined;
}

/** For whoever filled it in; undefined: Discord names no field. @param raw the body of the answer */
export function formFault(raw: unknown, cause: unknown): GatewayError | undefined {
  const fault = isObject(raw) ? faultIn(raw.errors) : undefined;
  if (fault === undefined || fault.field === '') return undefined;
  const { field, code, message } = fault;
  if (code === 'BASE_TYPE_REQUIRED')
    return new GatewayError('bad-value', { text: `Discord wants something in “${field}”.`, cause });
  if (code.endsWith('_LENGTH'))
    return new GatewayError('bad-value', { text: `“${field}” is too long or too short for Discord.`, cause });
  return new GatewayError('bad-value', { text: `Discord does not take what is in “${field}”: ${message}`, cause });
}
