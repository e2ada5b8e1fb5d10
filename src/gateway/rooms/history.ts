/** A room's past for who joins (XEP-0045 §7.2.13, §7.2.14): what the archive has and what was played back meanwhile, as little as the smallest limit says. */
import type { HistoryWish } from '../../core/intent.ts';
import type { ArchiveRow } from '../../storage/ports.ts';
import { join, type Xml, xml } from '../../xml/writer.ts';
import { fromOf, pastOf as settingsOf, toldBefore } from './archived.ts';
import type { FaceState, RoomFeature } from './feature.ts';
import type { Entry, Room, Said } from './room.ts';

/** For who asks for a time, and for who asks for a number. */
const byTime = 100;
const byNumber = 1000;

/** Our own limit, or the wished one where that is smaller. For who asks for nothing: few, because a phone asks at each reconnect (45-37). */
function limitOf(wish: HistoryWish | undefined, byDefault: number): number {
  if (wish === undefined) return byDefault;
  if (wish.maxChars === 0) return 0;
  if (wish.maxStanzas !== undefined) return Math.min(wish.maxStanzas, byNumber);
  return wish.since === undefined && wish.seconds === undefined ? byDefault : byTime;
}

/** The later of the two times that a wish can name. */
function sinceOf(wish: HistoryWish | undefined, now: number): number | undefined {
  const bySeconds = wish?.seconds === undefined ? undefined : now - wish.seconds * 1000;
  if (bySeconds === undefined || wish?.since === undefined) return bySeconds ?? wish?.since;
  return Math.max(bySeconds, wish.since);
}

/** What to ask the archive for. */
export function wanted(
  wish: HistoryWish | undefined,
  now: number,
  byDefault: number,
): { readonly max: number; readonly since?: number } | undefined {
  const max = limitOf(wish, byDefault);
  if (max === 0) return undefined;
  const since = sinceOf(wish, now);
  return since === undefined ? { max } : { max, since };
}

/** When it was said; from the room, which kept it (45-35). */
export function delayOf(room: Room, at: number): Xml {
  return xml`<delay xmlns='urn:xmpp:delay' from=${room.jid} stamp=${new Date(at).toISOString()}/>`;
}

function fromArchive(room: Room, row: ArchiveRow): Said | undefined {
  const body = toldBefore(room.jid, row);
  if (body === undefined) return undefined;
  const { id, stanza = id, nick, at } = row;
  return { stanzaId: id, id: stanza, nick, from: fromOf(room.jid, row), at, body, history: true };
}

/** Archive and playback as one, oldest first. Whatever comes live behind the subject is left out: it was remembered. */
function pastOf(room: Room, entry: Entry): readonly Said[] {
  const remembered = new Set(entry.remembered.map(({ stanzaId }) => stanzaId));
  const past: Said[] = [];
  for (const row of entry.past) {
    if (remembered.has(row.id)) continue;
    const said = fromArchive(room, row);
    if (said !== undefined) past.push(said);
  }
  for (const said of entry.remembered) if (said.history) past.push(said);
  return past.sort((a, b) => a.at - b.at);
}

/** What a whole stanza takes beside its addresses, id and children. */
const frame = "<message from='' to='' id='' type='groupchat'></message>".length;

/** The newest that all limits allow. */
function chosen(face: FaceState, room: Room, entry: Entry): readonly Said[] {
  const { wish } = entry;
  const most = limitOf(wish, settingsOf(face.context, room).length);
  if (most === 0) return [];
  const since = sinceOf(wish, face.context.now());
  const all = pastOf(room, entry);
  let characters = wish?.maxChars ?? Number.POSITIVE_INFINITY;
  let first = all.length;
  while (first > 0 && all.length - first < most) {
    const said = all[first - 1];
    if (said === undefined || (since !== undefined && said.at < since)) break;
    const delay = delayOf(room, said.at).text.length;
    characters -= frame + said.from.length + entry.client.length + said.id.length + said.body.text.length + delay;
    if (characters < 0) break;
    first -= 1;
  }
  return all.slice(first);
}

const isHere = ({ people }: Room, nick: string): boolean => nick === '' || people.called(nick) !== undefined;

/**
 * How many of what was said while the client was being let in are past already: up to the last that the network told as past, which may be younger, or whose speaker
 * is not on the list it got, and can't speak behind it.
 */
export function gone(room: Room, { remembered }: Entry): number {
  return remembered.findLastIndex(({ nick, history: isPast }) => isPast || !isHere(room, nick)) + 1;
}

/** Between self-presence and subject. */
export const history: RoomFeature = {
  joining(face, room, entry, out) {
    const to = [entry.client];
    const live = entry.remembered.slice(0, gone(room, entry)).filter(({ history: isPast }) => !isPast);
    const told = [...chosen(face, room, entry), ...live].sort((a, b) => a.at - b.at);
    for (const { from, id, at, body, history: isPast } of told) {
      const delayed = join([body, delayOf(room, at)]);
      const keep = isPast ? {} : { keep: true };
      out.stanzas.push({ kind: 'message', type: 'groupchat', from, to, id, body: delayed, ...keep });
    }
  },
};
