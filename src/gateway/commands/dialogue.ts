/** A command as a conversation: the form's values are shown and changed line by line, what has to be known is asked for, one thing at a time. */
import type { CommandForm, FormField } from '../../bridge/commands.ts';
import type { SettingValue } from '../../core/settings.ts';
import { fieldText, firstQuestion, formText, questionText, resultText } from './chat-text.ts';
import type { Ongoing, Stage } from './ongoing.ts';
import type { Texts } from './texts.ts';
import { readValue, shown, textsOf } from './values.ts';
import { readLine } from './words.ts';

export interface Said {
  readonly text: string;
  /** Nothing more is waited for. */
  readonly over: boolean;
}

export interface Dialogue {
  /** @param inline what was typed behind the command: a field's name and value, or the answer to the first question */
  begin(inline: string): Promise<Said>;
  hear(text: string): Promise<Said>;
  /** Would this line be understood as a field's, or as the answer that is waited for? 'as any': as the answer, but any text would be one. */
  expects(line: string): boolean | 'as any';
  /** Has anything been filled in? */
  readonly isTouched: boolean;
}

type Draft = Record<string, SettingValue | null>;

export interface DialogueParts {
  readonly ongoing: Ongoing;
  readonly texts: Texts;
  /** What has to stand before a field's name, where other lines are not for us. */
  readonly prefix: string;
}

export function createDialogue({ ongoing, texts, prefix }: DialogueParts): Dialogue {
  let form: CommandForm = { title: '', fields: [] };
  let draft: Draft = {};

  const going = (text: string): Said => ({ text, over: false });
  const fieldOf = (name: string): FormField | undefined => form.fields.find((one) => one.name.toLowerCase() === name);
  const isOpen = ({ required, name, value, isSet }: FormField): boolean =>
    required === true && isSet !== true && (draft[name] ?? value) === undefined;
  const pending = (): FormField | undefined => form.fields.find(isOpen);
  /** A secret that may be left out is asked for where the login failed without the right one. */
  const mayHelp = ({ name, type }: FormField): boolean => type === 'secret' && draft[name] === undefined;
  const asked = (): FormField | undefined =>
    pending() ?? (form.fault !== undefined && form.isSettled === true ? form.fields.find(mayHelp) : undefined);
  /** @param text in front */
  function question(field: FormField, text = questionText(form, field, texts, prefix)): string {
    return field.required === true ? text : `${text}\n${texts.orDone}`;
  }

  /** On to the next form, its question, or the end. */
  async function reached(stage: Stage, inline: string): Promise<Said> {
    if (stage.is === 'over') return { text: resultText(stage.result, texts), over: true };
    const isAgain = stage.form.fault !== undefined;
    form = isAgain ? withoutAnswer(stage.form) : stage.form;
    if (!isAgain) draft = {};
    else forgetAnswers();
    const first = asked();
    if (first === undefined) {
      if (!isAgain && asksNothing(form)) return submit(inline);
      return inline === '' ? going(formText(form, draft, texts, prefix)) : oneShot(inline);
    }
    if (inline === '') return going(again(form.fault, question(first, firstQuestion(form, first, texts, prefix))));
    const fault = fill(first, inline);
    return fault === undefined ? next() : going(`${fault}\n${question(first)}`);
  }

  /** What was wrong and can't be looked at (a secret), or was all there is (a code), is asked for once more. */
  function forgetAnswers(): void {
    if (form.isSettled !== true) return;
    for (const { name, type } of form.fields) if (type === 'secret' || form.fields.length === 1) delete draft[name];
  }

  /** "configure nick romeo": set, and done. What is called otherwise can be looked for: show says what there is. */
  async function oneShot(inline: string): Promise<Said> {
    if (tookSwitch(inline)) return submit('');
    const was = alter(inline);
    return 'say' in was ? { text: was.say, over: was.isKnown } : submit('');
  }

  /** "maintenance on back at noon": what begins with a switch is put without a name, and what is said with it. Not of settings, of which there are many. */
  function tookSwitch(inline: string): boolean {
    const [first, second] = form.fields;
    const { word, rest } = readLine(inline);
    if (first?.type !== 'flag' || first.isSet !== undefined || fieldOf(named(inline).name) !== undefined) return false;
    if (rest !== '' && second?.type !== 'text') return false;
    if (fill(first, word) !== undefined) return false;
    return rest === '' || second === undefined || fill(second, rest) === undefined;
  }

  async function submit(inline: string): Promise<Said> {
    const answer: Draft = {};
    for (const { name, required, value } of form.fields) {
      const given = draft[name] ?? (required === true ? value : draft[name]);
      if (given !== undefined) answer[name] = given;
    }
    return reached(await ongoing.answer(answer), inline);
  }

  /** A form that asks for something is sent when it has all of it. */
  async function next(): Promise<Said> {
    const open = asked();
    return open === undefined ? submit('') : going(question(open));
  }

  /** Puts a text into a field; what is wrong with it, if so. */
  function fill(field: FormField, text: string): string | undefined {
    const read = readValue(field, given(field, text), texts);
    if ('fault' in read) return texts.wrong(field.label, read.fault);
    draft[field.name] = read.value;
    return undefined;
  }

  /** A line that changes a field: which one, or what there is to say instead. */
  function alter(text: string): { readonly field: FormField } | { readonly say: string; readonly isKnown: boolean } {
    const { word, rest } = readLine(text);
    const isVerb = word === 'set' || word === 'unset' || word === 'add';
    const { name, value } = named(isVerb ? rest : text);
    const field = fieldOf(name);
    if (field === undefined) return { say: texts.noField(name), isKnown: false };
    if (word === 'unset') draft[field.name] = null;
    else if (value === '') return { say: fieldText(field, texts), isKnown: true };
    else {
      const more = word === 'add' && field.type === 'lines' ? textsOf(draft[field.name] ?? field.value) : [];
      const fault = fill(field, [...more, value].join('\n'));
      if (fault !== undefined) return { say: fault, isKnown: true };
    }
    return { field };
  }

  function changed(text: string): Said | Promise<Said> {
    const wasAsked = asked() !== undefined;
    const was = alter(text);
    if ('say' in was) return going(was.say);
    return wasAsked ? next() : going(noted(was.field));
  }

  function noted(field: FormField): string {
    const value = draft[field.name];
    const said = texts.noted(field.name, shown({ ...field, isSet: false }, value ?? field.usual, texts));
    return field.type === 'secret' && value !== null ? `${said}\n${texts.secretNoted}` : said;
  }

  function help(name: string): Said {
    const field = fieldOf(name);
    if (field !== undefined) return going(fieldText(field, texts));
    if (name !== '') return going(texts.noField(name));
    const open = asked();
    if (open === undefined) return going(texts.howTo(prefix));
    return going(open.required === true ? `${question(open)}\n${texts.orCancel}` : question(open));
  }

  function hear(text: string): Said | Promise<Said> {
    const { word, rest } = readLine(text);
    const open = asked();
    // "Show its fingerprints" is an answer, where that is one of the choices.
    if (open !== undefined && rest !== '' && chosen(open.choices ?? [], text.trim()) !== undefined)
      return filled(open, text);
    switch (word) {
      case 'cancel':
        ongoing.cancel();
        return { text: texts.canceled, over: true };
      case 'done':
      case 'ok':
        return pending() === undefined || open === undefined ? submit('') : going(question(open));
      case 'show':
        return going(formText(form, draft, texts, prefix));
      case 'help':
        return help(rest.toLowerCase());
      case 'set':
      case 'unset':
      case 'add':
        return changed(text);
      default:
    }
    if (fieldOf(named(text).name) !== undefined) return changed(text);
    return open === undefined ? going(texts.noField(word)) : filled(open, text);
  }

  function filled(field: FormField, text: string): Said | Promise<Said> {
    const fault = fill(field, text.trim());
    return fault === undefined ? next() : going(fault);
  }

  /** Where other lines are for somebody else, what is for a form begins with a word of its own. */
  function expects(line: string): boolean | 'as any' {
    if (prefix !== '') return false;
    if (fieldOf(named(line).name) !== undefined) return true;
    const open = asked();
    if (open === undefined || 'fault' in readValue(open, given(open, line.trim()), texts)) return false;
    return open.choices !== undefined || 'as any';
  }

  return {
    begin: async (inline) => reached(await ongoing.begin(), inline),
    hear: async (text) => hear(text),
    expects,
    get isTouched() {
      return Object.keys(draft).length > 0;
    },
  };
}

/** What was all there is, and was wrong, stands in a form to be mended; by chat it is typed anew. */
function withoutAnswer(form: CommandForm): CommandForm {
  const [only, ...others] = form.fields;
  if (only === undefined || others.length > 0 || form.isSettled !== true) return form;
  const { value: _, ...field } = only;
  return { ...form, fields: [field] };
}

/** All that has to be known is known, and nothing else can be said; a secret is asked for where it turns out to be missing. */
const asksNothing = ({ fields }: CommandForm): boolean =>
  fields.some(({ required }) => required) &&
  fields.every(({ required, type }) => required === true || type === 'secret');

const again = (fault: string | undefined, text: string): string => (fault === undefined ? text : `${fault}\n${text}`);

function named(text: string): { readonly name: string; readonly value: string } {
  const [, name = '', value = ''] = /^\s*([^\s:=]+)\s*[:=]?\s*([\s\S]*)$/.exec(text) ?? [];
  return { name: name.toLowerCase(), value: value.trim() };
}

/** Choices are named as they are shown, by what stands for them in a form, or by their number in the list; several with commas between, or with spaces where no name holds any. */
function given({ type, choices = [] }: FormField, text: string): readonly string[] {
  if (type !== 'choice' && type !== 'choices') return [text];
  const whole = chosen(choices, text);
  if (whole !== undefined || type === 'choice') return [whole ?? text];
  const parts = text.split(',').map((part) => part.trim());
  return parts.flatMap((part) => chosen(choices, part) ?? part.split(/\s+/).map((one) => chosen(choices, one) ?? one));
}

/** The value of the choice that is meant; undefined: of none, or of several that are shown alike. */
function chosen(choices: NonNullable<FormField['choices']>, text: string): string | undefined {
  const name = text.toLowerCase();
  const exact = choices.find(({ value }) => value.toLowerCase() === name);
  if (exact !== undefined) return exact.value;
  const alike = choices.filter(({ label }) => label.toLowerCase() === name);
  if (alike.length > 0) return alike.length === 1 ? alike[0]?.value : undefined;
  return choices[/^\d{1,4}$/.test(text) ? Number(text) - 1 : -1]?.value;
}
