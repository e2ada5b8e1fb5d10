/** How a row of the archive lies in its table: what is usual is null, so that a message costs little more than its text. */
import { type AccountId, type ChatId, isMadeUp, type MessageRef, messageId, personId } from '../../core/ids.ts';
import type { ArchiveKind, ArchiveRow } from '../ports.ts';
import type { Tables } from './tables.ts';

/** A row's values, in the order of `columns`. */
export type Values = readonly (string | number | null)[];

export const columns = 'chat, at, id, nick, body, stanza, ref, speaker, kind, about, author';

/** The id of the network, and the part behind a tab where it is not the first: few ids hold one. */
export function writeRef({ id, part }: MessageRef): string {
  const name = clean(id);
  return part === 0 && !name.includes('\t') ? name : `${name}\t${part}`;
}

/** As both databases take it: PostgreSQL takes neither NUL nor half a surrogate pair, and one row that it refuses would hold back all behind it. */
export function clean(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole;
}

/** Octets: PostgreSQL refuses what makes a row of an index longer than 2,704, and all that is written with it. */
const indexedAtMost = 2_600;
/** Of so many characters none can have more. */
const surelyIndexed = indexedAtMost / 4;

/** Can it be found by these together? What is longer no network means, and no address can hold. */
export function isIndexable(one: string, other = ''): boolean {
  if (one.length + other.length <= surelyIndexed) return true;
  return Buffer.byteLength(one) + Buffer.byteLength(other) <= indexedAtMost;
}

/** A name that was made up costs an index a third of a row, and nobody asks for it. */
const isKept = (ref: MessageRef): boolean => !isMadeUp(ref) && isIndexable(ref.id);

function readRef(text: string): MessageRef {
  const tab = text.lastIndexOf('\t');
  if (tab < 0) return { id: messageId(text), part: 0 };
  return { id: messageId(text.slice(0, tab)), part: Number(text.slice(tab + 1)) };
}

/** A message that the network made several of has a row more for each further name, which shows nowhere. */
export function writeRow(number: number, row: ArchiveRow): readonly Values[] {
  const { at, id, nick, body, stanza, kind, by, refs = [], about = null, author = null } = row;
  const [first, ...rest] = refs.every(isKept) ? refs : refs.filter(isKept);
  const said = stanza === id ? null : clean(stanza ?? '');
  const speaker = by === nick ? null : clean(by ?? '');
  const ref = first === undefined ? null : writeRef(first);
  const what = kind === 'message' ? null : (kind ?? null);
  const own: Values = [number, at, id, clean(nick), clean(body), said, ref, speaker, what, about, author];
  if (rest.length === 0) return [own];
  return [
    own,
    ...rest.map((one, i): Values => [number, at, `${id} ${i + 1}`, '', '', '', writeRef(one), '', 'part', id, null]),
  ];
}

/** Further names of a message in their order: as texts the tenth would stand before the second. */
export const byPart = (
  { id: one }: Pick<Tables['archive'], 'id'>,
  { id: other }: Pick<Tables['archive'], 'id'>,
): number => one.length - other.length || (one < other ? -1 : 1);

/** As it was written, but for further refs, which stand in rows of their own. */
export function readRow(account: AccountId, chat: ChatId, row: Tables['archive']): ArchiveRow {
  const { id, at, nick, body, kind, about, author } = row;
  const stanza = row.stanza ?? id;
  const by = row.speaker ?? nick;
  return {
    account,
    chat,
    id,
    at,
    nick,
    body,
    ...(stanza !== '' && { stanza }),
    ...(kind !== null && { kind: kind as ArchiveKind }),
    ...(by !== '' && { by: personId(by) }),
    ...(row.ref !== null && { refs: [readRef(row.ref)] }),
    ...(about !== null && { about }),
    ...(author !== null && { author }),
  };
}
