/** XEP-0115 Entity Capabilities, version 1.6.0: the hash of what somebody can do (§5.1) and its announcement (§4). */
import { createHash } from 'node:crypto';
import { attr, element, optionalAttr, type TypeOf } from '../codec.ts';
import { type DataForm, formTypeOf, valuesOf } from './0004-data-forms.ts';
import type { Identity } from './0030-disco.ts';

export const CAPS = 'http://jabber.org/protocol/caps';

export const caps = element(CAPS, 'c', {
  hash: optionalAttr('hash'),
  node: attr('node'),
  ver: attr('ver'),
});
export type Caps = TypeOf<typeof caps>;

/** What the hash is of. */
export interface Capable {
  readonly identities: readonly Identity[];
  readonly features: readonly string[];
  readonly forms?: readonly DataForm[];
}

/** i;octet: by UTF-8, which UTF-16's order is not. */
const byOctets = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const sorted = (texts: Iterable<string>): string[] => [...texts].sort(byOctets);

const closed = (texts: readonly string[]): string => texts.map((text) => `${text}<`).join('');

/** Sorted by category, type and language; `\0` keeps a shorter key before a longer one. */
function identitiesOf(identities: readonly Identity[]): string {
  const keyed = identities.map(({ category, type, lang = '', name = '' }) => ({
    key: `${category}\0${type}\0${lang}\0${name}`,
    text: `${category}/${type}/${lang}/${name}`,
  }));
  return closed(keyed.sort((a, b) => byOctets(a.key, b.key)).map(({ text }) => text));
}

const fieldsOf = (form: DataForm): string =>
  form.fields
    .filter((field) => field.var !== undefined && field.var !== 'FORM_TYPE')
    .sort((a, b) => byOctets(a.var ?? '', b.var ?? ''))
    .map((field) => closed([field.var ?? '', ...sorted(field.values)]))
    .join('');

/** §5.4 rule 3.6: a form without a hidden FORM_TYPE is left out. */
const counts = (form: DataForm): boolean =>
  form.fields.some((field) => field.var === 'FORM_TYPE' && field.type === 'hidden' && field.values.length > 0);

/** §5.1 with SHA-1. */
export function capsVer({ identities, features, forms = [] }: Capable): string {
  const typed = forms
    .filter(counts)
    .map((form) => ({ type: formTypeOf(form) ?? '', form }))
    .sort((a, b) => byOctets(a.type, b.type))
    .map(({ type, form }) => `${type}<${fieldsOf(form)}`)
    .join('');
  const text = `${identitiesOf(identities)}${closed(sorted(features))}${typed}`;
  return createHash('sha1').update(text, 'utf8').digest('base64');
}

/** §5.4 rules 3.3 to 3.5: an answer that must not be believed. */
export function isIllFormed({ identities, features, forms = [] }: Capable): boolean {
  const keys = identities.map(({ category, type, lang = '', name = '' }) => [category, type, lang, name].join('\0'));
  const types = forms.filter(counts).map((form) => formTypeOf(form) ?? '');
  const ambiguous = forms.some((form) => new Set(valuesOf(form, 'FORM_TYPE')).size > 1);
  const hasDouble = (texts: readonly string[]): boolean => new Set(texts).size < texts.length;
  return hasDouble(keys) || hasDouble(features) || hasDouble(types) || ambiguous;
}
