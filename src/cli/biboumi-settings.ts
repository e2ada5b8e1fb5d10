/** From biboumi's tables of options to settings of ours: the same names, without what biboumi does anyway. */

import { chatId } from '../core/ids.ts';
import type { SettingsPlace, SettingValue } from '../core/settings.ts';
import type { Biboumi, BiboumiRow } from '../storage/sql/biboumi.ts';

export interface BiboumiSettings {
  readonly owner: string;
  readonly place: SettingsPlace;
  readonly values: Readonly<Record<string, SettingValue>>;
}

type Read = (value: string | number) => SettingValue | undefined;

const text: Read = (value) => (value === '' ? undefined : String(value));
const number =
  (usual: number): Read =>
  (value) =>
    Number(value) === usual || !Number.isInteger(Number(value)) ? undefined : Number(value);
const flag =
  (usual: boolean): Read =>
  (value) =>
    Number(value) > 0 === usual ? undefined : Number(value) > 0;
/** Ports stand in one text with semicolons between. */
const list =
  (usual: string): Read =>
  (value) => {
    const entries = String(value).split(';').filter(Boolean);
    return entries.join(';') === usual || entries.length === 0 ? undefined : entries;
  };
/** 0 is not set, 1 yes, -1 no. */
const choice: Read = (value) => (Number(value) === 0 ? undefined : Number(value) > 0 ? 'true' : 'false');

type Columns = Readonly<Record<string, readonly [string, Read]>>;

const ofAll: Columns = {
  maxhistorylength: ['max_history_length', number(20)],
  recordhistory: ['record_history', flag(true)],
  persistent: ['persistent', flag(false)],
};
const ofServer: Columns = {
  address: ['address', text],
  ports: ['ports', list('6667')],
  tlsports: ['tls_ports', list('6697;6670')],
  verifycert: ['verify_cert', flag(true)],
  trustedfingerprint: ['fingerprint', text],
  saslpassword: ['sasl_password', text],
  nick: ['nick', text],
  pass: ['pass', text],
  username: ['username', text],
  realname: ['realname', text],
  throttlelimit: ['throttle_limit', number(10)],
  maxhistorylength: ['max_history_length', number(20)],
  encodingout: ['encoding_out', text],
  encodingin: ['encoding_in', text],
};
const ofRoom: Columns = {
  recordhistory: ['record_history', choice],
  persistent: ['persistent', flag(false)],
  encodingout: ['encoding_out', text],
  encodingin: ['encoding_in', text],
};

function valuesOf(row: BiboumiRow, columns: Columns): Record<string, SettingValue> {
  const values: Record<string, SettingValue> = {};
  for (const [column, [name, read]] of Object.entries(columns)) {
    const stored = row[column];
    const value = stored === undefined || stored === null ? undefined : read(stored);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

const textOf = (row: BiboumiRow, column: string): string => String(row[column] ?? '');
/** Of an owner; JIDs were stored as the server prepared them. */
const ownerOf = (row: BiboumiRow): string => textOf(row, 'owner').toLowerCase();

/** @param fixed the domain has one server: then settings name none */
export async function readSettings(from: Biboumi, fixed: boolean): Promise<readonly BiboumiSettings[]> {
  const on = (row: BiboumiRow): { readonly on?: string } => (fixed ? {} : { on: textOf(row, 'server').toLowerCase() });
  const commands = new Map<string, string[]>();
  for (const row of await from.rows('after_connection_commands')) {
    const key = textOf(row, 'fk');
    commands.set(key, [...(commands.get(key) ?? []), textOf(row, 'afterconnectioncommand')]);
  }
  const found: BiboumiSettings[] = [];
  for (const row of await from.rows('globaloptions'))
    found.push({ owner: ownerOf(row), place: { level: 'all' }, values: valuesOf(row, ofAll) });
  for (const row of await from.rows('ircserveroptions')) {
    const lines = (commands.get(textOf(row, 'id')) ?? []).filter((line) => line !== '');
    const { address, ...rest } = valuesOf(row, ofServer);
    const values = {
      ...rest,
      ...(address !== undefined && address !== textOf(row, 'server') && { address }),
      ...(lines.length > 0 && { after_connect_commands: lines }),
    };
    found.push({ owner: ownerOf(row), place: { level: 'server', ...on(row) }, values });
  }
  for (const row of await from.rows('ircchanneloptions')) {
    const chat = chatId(textOf(row, 'channel').toLowerCase());
    found.push({ owner: ownerOf(row), place: { level: 'room', ...on(row), chat }, values: valuesOf(row, ofRoom) });
  }
  return found.filter(({ owner, values }) => owner !== '' && Object.keys(values).length > 0);
}
