/** What errors and answers say in the language of whoever is told (RFC 6120 §8.1.5, CHECKLIST GEN-10); looked up only when there is something to say. */
import type { GatewayError } from '../core/errors.ts';
import { createTranslate, primaryOf, type Translate } from '../core/sentences.ts';
import type { DataForm, Field } from '../xmpp/xep/0004-data-forms.ts';
import { germanSentences } from './sentences-german.ts';

export type { Translate };

/** Of the gateway itself. */
const own = createTranslate({ de: germanSentences });

export interface Said {
  readonly text: string;
  /** Of the text; absent: English. */
  readonly lang?: string;
}

/** @param theirs the bridge's */
export function saidIn(text: string, lang: string | undefined, theirs?: Translate): Said {
  if (lang === undefined) return { text };
  const other = own(text, lang) ?? theirs?.(text, lang);
  return other === undefined ? { text } : { text: other, lang: primaryOf(lang) };
}

/** More lines are a server's own: a list, its news of the day. */
const linesAtMost = 100;

/** The same of an answer that is known line by line, if not as a whole: what we know of somebody, among others' words. */
export function answerIn(text: string, lang: string | undefined, theirs?: Translate): Said {
  const said = saidIn(text, lang, theirs);
  const lines = said.lang === undefined && lang !== undefined ? text.split('\n') : [];
  if (lang === undefined || lines.length < 2 || lines.length > linesAtMost) return said;
  const each = lines.map((line) => saidIn(line, lang, theirs));
  if (each.every((line) => line.lang === undefined)) return said;
  return { text: each.map((line) => line.text).join('\n'), lang: primaryOf(lang) };
}

/** The form with all that people read of it. */
export function formIn(
  { title, instructions, fields, reported, ...form }: DataForm,
  lang: string | undefined,
): DataForm {
  const say = (text: string): string => saidIn(text, lang).text;
  const named = <One extends { readonly label?: string }>(one: One): One =>
    one.label === undefined ? one : { ...one, label: say(one.label) };
  const asked = (all: readonly Field[]) => all.map((field) => ({ ...named(field), options: field.options.map(named) }));
  return {
    ...form,
    ...(title !== undefined && { title: say(title) }),
    instructions: instructions.map(say),
    fields: asked(fields),
    ...(reported !== undefined && { reported: { fields: asked(reported.fields) } }),
  };
}

/** Of an error that has any. */
export function wordsOf({ details }: GatewayError, lang: string | undefined, theirs?: Translate): Partial<Said> {
  const { text, lang: own } = details;
  if (text === undefined) return {};
  return own === undefined ? saidIn(text, lang, theirs) : { text, lang: own };
}
