/** A message that the face has forgotten, made known again from its row in the archive. */
import { type PersonId, personId } from '../core/ids.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import { parseFragment } from '../xml/document.ts';
import { isElement, textOf } from '../xml/query.ts';
import { type Known, knownAs } from './refs.ts';

/** undefined where the row is damaged, or is no message that somebody said. @param place the room's JID @param me who we are */
export function knownFromRow(row: ArchiveRow, place: string, me: PersonId | undefined): Known | undefined {
  const { nick, at, id: name, refs = [], kind = 'message' } = row;
  if (kind !== 'message' || nick === '') return undefined;
  const text = textIn(row);
  if (text === undefined) return undefined;
  const by = row.by ?? me ?? personId(nick);
  // Our own has no speaker: we may have been called otherwise then.
  const isMine = row.by === undefined || row.by === me;
  const id = row.stanza ?? name;
  return knownAs({ by, nick, from: `${place}/${nick}`, id, name, originId: undefined, isMine, at, text }, refs);
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
