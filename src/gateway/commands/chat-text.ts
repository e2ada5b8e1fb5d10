/** How forms and results look as lines of chat. */
import type { CommandForm, CommandResult, FormAnswer, FormField } from '../../bridge/commands.ts';
import { xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Texts } from './texts.ts';
import { listedOf, shown } from './values.ts';

/** The value that would be sent now. */
const valueIn = (field: FormField, draft: FormAnswer) =>
  draft[field.name] === undefined ? field.value : draft[field.name];

function line(field: FormField, draft: FormAnswer, texts: Texts): string {
  const given = draft[field.name];
  if (given === null) return `${field.name} = ${shown({ ...field, isSet: false }, field.usual, texts)}`;
  const text = shown(field, valueIn(field, draft), texts);
  const isUsual = given === undefined && field.isSet === false && field.value !== undefined;
  return `${field.name} = ${isUsual ? texts.usual(text) : text}`;
}

/** All fields with their values. @param prefix what has to stand before a field's name where lines may be for somebody else */
export function formText(
  { title, text = [], fields, fault }: CommandForm,
  draft: FormAnswer,
  texts: Texts,
  prefix: string,
): string {
  const isSettings = fields.some((field) => field.isSet !== undefined);
  const about = isSettings ? [] : text;
  if (fields.length === 0) return [title, ...text, texts.goOn].join('\n');
  const lines = fields.map((field) => line(field, draft, texts));
  return [...(fault === undefined ? [] : [fault]), title, ...about, ...lines, texts.howTo(prefix)].join('\n');
}

/** What one field is for. */
export function fieldText(field: FormField, texts: Texts): string {
  const { name, label, help = '', choices } = field;
  const listed = listedOf(field)?.map((choice) => choice.label);
  const among = listed === undefined ? texts.tooManyChoices(choices?.length ?? 0) : texts.notChoice(listed.join(', '));
  return [texts.helpField(name, label, help), ...(choices === undefined ? [] : [among])].join('\n');
}

/** The question for one field. */
export function questionText(form: CommandForm, field: FormField, texts: Texts, prefix: string): string {
  const { label, help, choices = [], name, type } = field;
  const listed = listedOf(field)?.map((choice, i) => `${i + 1}. ${choice.label}`) ?? [
    texts.tooManyChoices(choices.length),
  ];
  const how = choices.length === 0 ? [] : [type === 'choices' ? texts.answerChoices : texts.answerChoice];
  const where = prefix === '' ? [] : [texts.answerWith(`${prefix}${name} …`)];
  const ask = label.includes('?') ? label : texts.ask(label);
  return [...(form.text ?? []), ask, ...(help === undefined ? [] : [help]), ...listed, ...how, ...where].join('\n');
}

/** The same, and before it what is taken for granted, as the answers would be for that. */
export function firstQuestion(form: CommandForm, field: FormField, texts: Texts, prefix: string): string {
  const { text = [], fields, fault } = form;
  const counts = ({ required, type, value }: FormField): boolean =>
    (required === true || fault !== undefined) && type !== 'secret' && value !== undefined;
  const granted = fields.filter(counts);
  const told = granted.map((one) => texts.granted(line(one, {}, texts), `${prefix}${one.name} …`));
  return questionText({ ...form, text: [...text, ...told] }, field, texts, prefix);
}

/** A line of chat from the address that was written to. @param lang of the text */
export const inWords = (stanza: Stanza, id: string, text: string, lang: string): Outgoing => ({
  kind: 'message',
  type: 'chat',
  from: stanza.to.bare,
  to: [stanza.from.full],
  id,
  lang,
  body: xml`<body>${text}</body>`,
});

/** What a command came to. */
export function resultText({ notes = [], facts = [], table }: CommandResult, texts: Texts): string {
  const rows = table?.rows.map((row) => table.columns.map(({ name }) => row[name] ?? '').join(' · ')) ?? [];
  const head = table === undefined || rows.length === 0 ? [] : [table.columns.map(({ label }) => label).join(' · ')];
  const told = facts.map(({ label, value }) => (value.includes('\n') ? `${label}:\n${value}` : `${label}: ${value}`));
  const lines = [...notes.map(({ text }) => text), ...told, ...head, ...rows];
  return lines.length === 0 ? texts.done : lines.join('\n');
}
