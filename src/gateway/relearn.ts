/** A message that the face has forgotten, made known again from its row in the archive. */
import { type PersonId, personId } from '../core/ids.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import { parseFragment } from '../xml/document.ts';
import { isElement, textOf } from '../xml/query.ts';
import { type Known, knownAs } from './refs.ts';

/** Where a message was said: in a room, by somebody of it; or between two. */
export type Place = { readonly room: string } | { readonly contact: string; readonly owner: string };

/** undefined where the row is damaged, or is no message that somebody said. @param me who we are */
export function knownFromRow(row: ArchiveRow, place: Place, me: PersonId | undefined): Known | undefined {
  const { nick, at, id: name, refs = [], kind = 'message', author } = row;
  if (kind !== 'message' || nick === '') return undefined;
  const text = textIn(row);
  if (text === undefined) return undefined;
  const by = row.by ?? me ?? personId(nick);
  // Our own has no speaker: we may have been called otherwise then.
  const isMine = row.by === undefined || row.by === me;
  const id = row.stanza ?? name;
  const facts = { by, nick, id, originId: undefined, isMine, author, at, text };
  if ('room' in place) return knownAs({ ...facts, name, from: `${place.room}/${nick}` }, refs);
  // What is between two has the name that its sender gave it (359-04).
  return knownAs({ ...facts, name: id, row: name, from: isMine ? place.owner : place.contact }, refs);
}

/** What the row says; undefined where it says nothing or is damaged. */
export function textIn(row: Pick<ArchiveRow, 'body'>): string | undefined {
  try {
    const body = parseFragment(row.body)
      .filter(isElement)
      .find(({ name, ns }) => name === 'body' && ns === '');
    return body === undefined ? undefined : textOf(body);
  } catch {
    return undefined;
  }
}
