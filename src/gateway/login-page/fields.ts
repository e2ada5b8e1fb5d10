/** The fields of a login as a browser shows them, each with its label, and with what helps password managers. */
import type { FormField } from '../../bridge/commands.ts';
import { forgetOf } from '../commands/forms.ts';
import type { Texts } from '../commands/texts.ts';
import { textsOf } from '../commands/values.ts';
import { type Html, html } from './html.ts';

/** What fields are called in what is sent, so that none is taken for ours. */
export const inputOf = (name: string): string => `field.${name}`;

/** More are a list to choose from. */
const shownChoices = 7;

/** HTML Living Standard, autofill: by the names that logins have. */
function autofill({ name, type }: FormField): string {
  if (type === 'secret') return 'current-password';
  if (name === 'username') return 'username';
  return name === 'code' ? 'one-time-code' : 'off';
}

const idOf = (index: number): string => `f${index}`;

/** With what was typed; a secret is never sent back. */
export const fieldsHtml = (fields: readonly FormField[], texts: Texts): readonly Html[] => {
  const open = fields.findIndex(({ value, type }) => type === 'secret' || value === undefined || value === '');
  const first = Math.max(0, open);
  return fields.map((field, index) => fieldHtml(field, index, index === first, texts));
};

function fieldHtml(field: FormField, index: number, isFirst: boolean, texts: Texts): Html {
  switch (field.type) {
    case 'flag':
      return html`<div class="field">${box(field, 'true', field.label, field.value === true)}${hintOf(field, index, texts)}</div>`;
    case 'choice':
      if ((field.choices ?? []).length > shownChoices) return labelled(field, index, selection(field, index), texts);
      return grouped(field, index, texts);
    case 'choices':
      return grouped(field, index, texts);
    case 'text':
    case 'number':
    case 'secret':
    case 'lines':
      return labelled(field, index, typed(field, index, isFirst), texts);
    default:
      return field.type satisfies never;
  }
}

/** Is there anything behind the label? A secret that is set is left as it is by leaving it empty. */
const hintText = ({ help, type, isSet }: FormField, texts: Texts): string =>
  [help, type === 'secret' && isSet === true ? texts.leaveEmpty : undefined].filter(Boolean).join(' ');

function hintOf(field: FormField, index: number, texts: Texts): Html | undefined {
  const text = hintText(field, texts);
  return text === '' ? undefined : html`<span class="hint" id="${idOf(index)}h">${text}</span>`;
}

/** Which is optional is said, as most are not; where something is chosen already it goes without saying. */
const nameOf = ({ label, required, isSet, value, type }: FormField, texts: Texts): string => {
  const isOptional = (required !== true || isSet === true) && (value === undefined || type === 'text');
  return isOptional ? `${label} ${texts.webOptional}` : label;
};

function labelled(field: FormField, index: number, input: Html, texts: Texts): Html {
  const forget =
    field.type === 'secret' && field.isSet === true && field.required !== true
      ? box({ ...field, name: forgetOf(field.name) }, 'true', texts.forget(field.label), false)
      : undefined;
  return html`<div class="field"><label for="${idOf(index)}">${nameOf(field, texts)}</label>${hintOf(field, index, texts)}${input}${forget}</div>`;
}

function typed(field: FormField, index: number, isFirst: boolean): Html {
  const { name, type, required, isSet, help, value, objection } = field;
  const isHinted = help !== undefined || isSet === true;
  const common = html`id="${idOf(index)}" name="${inputOf(name)}" autocomplete="${autofill(field)}" autocapitalize="none" spellcheck="false"${
    isHinted ? html` aria-describedby="${idOf(index)}h"` : undefined
  }${required === true && isSet !== true ? html` required` : undefined}${isFirst ? html` autofocus` : undefined}`;
  // One that is checked by the network may have several lines (a certificate with its key has), which a password's input has not.
  if (type === 'lines' || (type === 'secret' && objection !== undefined))
    return html`<textarea ${common} rows="4">
${type === 'secret' ? '' : textsOf(value).join('\n')}</textarea>`;
  const kind = type === 'secret' ? 'password' : 'text';
  const keys = type === 'number' ? html` inputmode="numeric"` : undefined;
  const now = type === 'secret' ? '' : textsOf(value).join('');
  return html`<input type="${kind}" ${common}${keys} value="${now}">`;
}

function selection({ name, required, choices = [], value }: FormField, index: number): Html {
  const options = choices.map(
    (one) =>
      html`<option value="${one.value}"${one.value === value ? html` selected` : undefined}>${one.label}</option>`,
  );
  const none = value === undefined || required !== true ? html`<option value=""></option>` : undefined;
  return html`<select id="${idOf(index)}" name="${inputOf(name)}"${required === true ? html` required` : undefined}>${none}${options}</select>`;
}

function grouped(field: FormField, index: number, texts: Texts): Html {
  const now = new Set(textsOf(field.value));
  const boxes = (field.choices ?? []).map(({ value, label }) => box(field, value, label, now.has(value)));
  return html`<fieldset class="field"><legend>${nameOf(field, texts)}</legend>${hintOf(field, index, texts)}${boxes}</fieldset>`;
}

/** One to be ticked, with its label around it. */
function box({ name, type, required }: FormField, value: string, label: string, isOn: boolean): Html {
  const kind = type === 'choice' ? 'radio' : 'checkbox';
  const must = type === 'choice' && required === true ? html` required` : undefined;
  return html`<label class="pick"><input type="${kind}" name="${inputOf(name)}" value="${value}"${isOn ? html` checked` : undefined}${must}><span>${label}</span></label>`;
}
