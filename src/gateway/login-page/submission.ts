/** What was filled in on a page, as the answer to the step that was shown, or back as it was typed. */
import type { FormField } from '../../bridge/commands.ts';
import { valueField } from '../../xmpp/xep/0004-data-forms.ts';
import { forgetOf, readSubmission, type Submission } from '../commands/forms.ts';
import type { Texts } from '../commands/texts.ts';
import { inputOf } from './fields.ts';

/** Browsers leave out what is not ticked, and end lines as HTTP does. */
function given({ name, type }: FormField, posted: URLSearchParams): readonly string[] {
  const values = posted.getAll(inputOf(name)).map((text) => text.replaceAll('\r\n', '\n'));
  return type === 'flag' && values.length === 0 ? ['false'] : values;
}

/** By the same rules as a form by XMPP. */
export function readPage(fields: readonly FormField[], posted: URLSearchParams, texts: Texts): Submission {
  const written = fields.flatMap((field) => [
    valueField(field.name, [...given(field, posted)]),
    valueField(forgetOf(field.name), posted.getAll(inputOf(forgetOf(field.name)))),
  ]);
  return readSubmission(fields, { type: 'submit', instructions: [], fields: written, items: [] }, texts);
}

/** The same fields with what was typed, secrets excepted: what is wrong is mended where it stands. */
export const retyped = (fields: readonly FormField[], posted: URLSearchParams): readonly FormField[] =>
  fields.map((field) => {
    if (field.type === 'secret') return field;
    const values = given(field, posted);
    if (field.type === 'flag') return { ...field, value: values[0] === 'true' };
    return { ...field, value: field.type === 'lines' || field.type === 'choices' ? values : (values[0] ?? '') };
  });
