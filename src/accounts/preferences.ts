/** What users have set, as accounts and commands see it: levels laid over each other, secrets sealed at rest, changes told to the accounts they concern. */
import { GatewayError } from '../core/errors.ts';
import { chatId } from '../core/ids.ts';
import { primaryOf } from '../core/sentences.ts';
import {
  type SettingField,
  type Settings,
  type SettingsChange,
  type SettingsForms,
  type SettingsPlace,
  type SettingValue,
  type UserSettings,
  unset,
} from '../core/settings.ts';
import type { SettingRow, SettingsStore } from '../storage/ports.ts';
import type { Vault } from './vault.ts';

export interface Preferences {
  of(owner: string): Promise<UserSettings>;
  /** What is set for rooms and conversations, place by place. */
  ofRooms(owner: string): Promise<readonly RoomSettings[]>;
  /** Throws a GatewayError where it is too much. Accounts hear of it by `onChange`. */
  change(owner: string, place: SettingsPlace, change: SettingsChange): Promise<void>;
  /** That change as what is to be written and removed, secrets sealed: for whoever writes it down with something else. Throws where it is too much. */
  rows(owner: string, place: SettingsPlace, change: SettingsChange): ChangedRows;
  /** They have asked something in that language (RFC 5646), and are told in it what they have not asked. Nothing where it is undefined. */
  heard(owner: string, lang: string | undefined): Promise<void>;
  /** The one that they asked in last; undefined: they never said. */
  language(owner: string): Promise<string | undefined>;
}

export interface RoomSettings {
  readonly place: Extract<SettingsPlace, { level: 'room' }>;
  readonly settings: Settings;
}

export interface ChangedRows {
  readonly puts: readonly SettingRow[];
  readonly removes: readonly Omit<SettingRow, 'value'>[];
}

export interface PreferencesParts {
  readonly domain: string;
  readonly store: SettingsStore;
  readonly vault: Vault;
  /** Absent: the network has nothing to set. */
  readonly forms?: SettingsForms | undefined;
  /** Told when a change is written down. */
  onChange(owner: string, place: SettingsPlace): Promise<void>;
}

/** Values that one user may have set on a domain, and how large all values of one change may be, in UTF-16 units of JSON. */
const rowsAtMost = 2_000;
const longestChange = 64 * 1024;

type Where = Pick<SettingRow, 'on' | 'chat'>;

function whereOf(place: SettingsPlace): Where {
  switch (place.level) {
    case 'all':
      return { on: '*', chat: '' };
    case 'server':
      return { on: place.on ?? '', chat: '' };
    case 'room':
      return { on: place.on ?? '', chat: place.chat.toLowerCase() };
    default:
      return place satisfies never;
  }
}

const keyOf = ({ on, chat }: Where): string => `${on}\n${chat}`;

/** From the level above all others to the place itself. */
function levelsOf(place: SettingsPlace): readonly Where[] {
  const here = whereOf(place);
  if (place.level === 'all') return [here];
  const server = { ...here, chat: '' };
  return place.level === 'server' ? [whereOf({ level: 'all' }), here] : [whereOf({ level: 'all' }), server, here];
}

function userSettings(rows: readonly (Where & { name: string; value: SettingValue })[]): UserSettings {
  const places = new Map<string, Record<string, SettingValue>>();
  for (const { name, value, ...where } of rows) {
    const settings = places.get(keyOf(where)) ?? {};
    settings[name] = value;
    places.set(keyOf(where), settings);
  }
  const at = (where: Where): Settings => places.get(keyOf(where)) ?? {};
  return {
    at: (place) => at(whereOf(place)),
    over(place) {
      const merged: Record<string, SettingValue> = {};
      for (const where of levelsOf(place)) {
        for (const [name, value] of Object.entries(at(where))) if (value !== unset) merged[name] = value;
      }
      return merged;
    },
  };
}

/** Whose a user's sealed settings are, for the vault. */
export const settingsSealedFor = (owner: string, domain: string): string => `settings of ${owner} on ${domain}`;

export function createPreferences({ domain, store, vault, forms, onChange }: PreferencesParts): Preferences {
  const open = fieldsInTheOpen(forms);
  const sealFor = (owner: string): string => settingsSealedFor(owner, domain);

  /** What can't be opened any more (another sealing key) is as if it had never been set. */
  function read(owner: string, { value, ...rest }: SettingRow): (Where & { name: string; value: SettingValue })[] {
    if (typeof value !== 'object' || !('sealed' in value)) return [{ ...rest, value }];
    const text = vault.open(value.sealed, sealFor(owner));
    return text === undefined ? [] : [{ ...rest, value: JSON.parse(text) as SettingValue }];
  }

  function write(owner: string, row: Where & { name: string; value: SettingValue }): SettingRow {
    if (open.has(row.name)) return row;
    return { ...row, value: { sealed: vault.seal(JSON.stringify(row.value), sealFor(owner)) } };
  }

  function rows(owner: string, place: SettingsPlace, change: SettingsChange): ChangedRows {
    if (JSON.stringify(change).length > longestChange) throw tooMuch();
    const where = whereOf(place);
    const puts: SettingRow[] = [];
    const removes: Omit<SettingRow, 'value'>[] = [];
    for (const [name, value] of Object.entries(change)) {
      if (value === null) removes.push({ ...where, name });
      else puts.push(write(owner, { ...where, name, value }));
    }
    return { puts, removes };
  }

  /** In which languages people have asked just now: those of a join storm need not be looked up. */
  const lately = new Map<string, string>();

  async function language(owner: string): Promise<string | undefined> {
    const value = (await store.of({ domain, owner })).find(({ name }) => name === spoken.name)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  return {
    rows,
    language,
    async heard(owner, lang) {
      const value = primaryOf(lang ?? '');
      if (!isLanguage.test(value) || lately.get(owner) === value) return;
      if (value !== (await language(owner))) await store.change({ domain, owner }, [{ ...spoken, value }], []);
      if (lately.size >= latelyAtMost) lately.clear();
      lately.set(owner, value);
    },
    async of(owner) {
      return userSettings((await store.of({ domain, owner })).flatMap((row) => read(owner, row)));
    },
    async ofRooms(owner) {
      const all = (await store.of({ domain, owner })).filter(({ chat }) => chat !== '');
      const places = new Map(all.map(({ on, chat }) => [keyOf({ on, chat }), { on, chat }]));
      const settings = userSettings(all.flatMap((row) => read(owner, row)));
      return [...places.values()].map(({ on, chat }) => {
        const place = { level: 'room', chat: chatId(chat), ...(on !== '' && { on }) } as const;
        return { place, settings: settings.at(place) };
      });
    },
    async change(owner, place, change) {
      const { puts, removes } = rows(owner, place, change);
      if (puts.length > 0 && (await store.of({ domain, owner })).length + puts.length > rowsAtMost) throw tooMuch();
      await store.change({ domain, owner }, puts, removes);
      await onChange(owner, place);
    },
  };
}

/** Beside what is set for all servers, under a name that no network's setting can have. */
const spoken = { on: '*', chat: '', name: 'xml:lang' } as const;
const latelyAtMost = 5_000;
const isLanguage = /^[a-z]{2,8}$/;

const tooMuch = (): GatewayError =>
  new GatewayError('queue-full', { text: 'This is more than can be kept; remove settings of other rooms first' });

/** What is not known to be harmless is sealed. */
function fieldsInTheOpen(forms: SettingsForms | undefined): ReadonlySet<string> {
  const all: readonly SettingField[] = forms === undefined ? [] : [...forms.all, ...forms.server, ...forms.room];
  const hidden = new Set(
    all.filter(({ type, sealed }) => type === 'secret' || sealed === true).map(({ name }) => name),
  );
  return new Set(all.map(({ name }) => name).filter((name) => !hidden.has(name)));
}
