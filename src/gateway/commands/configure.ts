/** The commands of settings: the form of a level with what is set, and what was filled in, kept. Left out is kept (CHECKLIST 004-03), emptied is as usual again. */
import type { FormAnswer, FormField } from '../../bridge/commands.ts';
import type {
  SettingField,
  Settings,
  SettingsChange,
  SettingsPlace,
  SettingValue,
  UserSettings,
} from '../../core/settings.ts';
import type { Command, Here } from './command.ts';
import type { Texts } from './texts.ts';

type Level = SettingsPlace['level'];

/** The place of that level, as seen from where the command was asked for. */
export function placeOf(level: Level, { on, chat }: Pick<Here, 'on' | 'chat'>): SettingsPlace {
  const where = on === undefined ? {} : { on };
  if (level === 'all') return { level };
  return level === 'room' && chat !== undefined ? { level, ...where, chat } : { level: 'server', ...where };
}

function above(place: SettingsPlace): SettingsPlace | undefined {
  if (place.level === 'all') return undefined;
  return place.level === 'server' ? { level: 'all' } : placeOf('server', place);
}

/** What the gateway does with those that it understands itself, where the network says nothing else. */
const gatewayUsual: Settings = { record_history: true, persistent: false, max_history_length: 20 };

/** What holds without a value of its own: what is set above, else what the network does. A box is always on or off: a form that is sent back must not switch it. */
function inherited({ name, usual, type, choices }: SettingField, over: Settings): SettingValue | undefined {
  const value = over[name] ?? usual ?? gatewayUsual[name] ?? (type === 'flag' ? false : undefined);
  if (type !== 'choice' || value === undefined) return value;
  // A choice that can be left open is left open, whatever is set above it.
  return choices?.some((one) => one.value === usual) === true ? usual : value;
}

/** As people who read that language are asked for it. */
function saidIn(language: string, { words, ...field }: SettingField): SettingField {
  const said = words?.[language];
  if (said === undefined) return field;
  const { label, help, choices = {} } = said;
  const listed = field.choices?.map((one) => ({ ...one, label: choices[one.value] ?? one.label }));
  return { ...field, label, ...(help !== undefined && { help }), ...(listed !== undefined && { choices: listed }) };
}

/** What the bridge objects to a value, for the same people. @param said its sentence in their language */
function objectingIn(said: Here['said'], { objection, ...field }: SettingField): SettingField {
  if (objection === undefined) return field;
  return {
    ...field,
    objection(value) {
      const wrong = objection(value);
      return wrong === undefined ? undefined : said(wrong);
    },
  };
}

/** The fields of a level as they are for that user. @param said what the bridge says, in that language */
export function fieldsFor(
  all: readonly SettingField[],
  set: UserSettings,
  place: SettingsPlace,
  { language }: Pick<Texts, 'language'>,
  said: Here['said'],
): readonly FormField[] {
  const fields = all.map((field) => objectingIn(said, saidIn(language, field)));
  const own = set.at(place);
  const higher = above(place);
  const over = higher === undefined ? {} : set.over(higher);
  return fields.map((field): FormField => {
    const isSet = own[field.name] !== undefined;
    if (field.type === 'secret') return { ...field, isSet };
    const usual = inherited(field, over);
    const value = own[field.name] ?? usual;
    return { ...field, isSet, ...(usual !== undefined && { usual }), ...(value !== undefined && { value }) };
  });
}

const isSame = (a: SettingValue | undefined, b: SettingValue): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is really to be changed: a value that holds anyway is not made one's own by sending the form back. */
export function changeOf(fields: readonly FormField[], answer: FormAnswer): SettingsChange {
  const change: Record<string, SettingValue | null> = {};
  for (const { name, value, usual, isSet } of fields) {
    const wanted = answer[name];
    if (wanted === undefined) continue;
    if (wanted === null) {
      if (isSet === true) change[name] = null;
    } else if (isSet === true ? !isSame(value, wanted) : !isSame(usual, wanted)) change[name] = wanted;
  }
  return change;
}

/** A command of that level. */
export function configure(level: Level, fields: readonly SettingField[]): Command {
  const words = {
    all: (t: Texts) => [t.configureAll, t.configureAllHelp],
    server: (t: Texts) => [t.configureServer, t.configureServerHelp],
    room: (t: Texts) => [t.configureRoom, t.configureRoomHelp],
  }[level];
  return {
    anywhere: true,
    title: (texts) => words(texts)[0] ?? '',
    help: (texts) => words(texts)[1] ?? '',
    async *run({ account: { owner }, powers, texts, title, said, ...here }) {
      const place = placeOf(level, here);
      const asked = fieldsFor(fields, await powers.settings.of(owner), place, texts, said);
      const about = level === 'all' ? texts.configureAll : texts.configureFor(title);
      const change = changeOf(asked, yield { title: about, text: [texts.configureText], fields: asked });
      if (Object.keys(change).length === 0) return { notes: [{ is: 'info', text: texts.nothingChanged }] };
      await powers.settings.change(owner, place, change);
      return { notes: [{ is: 'info', text: texts.saved }] };
    },
  };
}
