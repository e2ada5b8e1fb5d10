/** A message that the face has forgotten, made known again from its row in the archive. */
import { type PersonId, personId } from '../core/ids.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import { parseFragment } from '../xml/document.ts';
import type { Element } from '../xml/element.ts';
import { isElement, textOf } from '../xml/query.ts';
import { FALLBACK, fallback, rangesOf, without } from '../xmpp/xep/0428-fallback.ts';
import { REACTIONS, reactions } from '../xmpp/xep/0444-reactions.ts';
import { REPLIES } from '../xmpp/xep/0461-replies.ts';
import { type Known, knownAs } from './refs.ts';
import { putReactions } from './rooms/reactions.ts';

/** Where a message was said: in a room, by somebody of it; or between two. */
export type Place = { readonly room: string } | { readonly contact: string; readonly owner: string };

/**
 * undefined where the row is damaged, or is no message that somebody said. @param me who we are
 * @param since the rows that are about it, oldest first: what it says by now, and who has reacted
 */
export function knownFromRow(
  row: ArchiveRow,
  place: Place,
  me: PersonId | undefined,
  since: readonly ArchiveRow[] = [],
): Known | undefined {
  const known = saidIn(row, place, me);
  if (known !== undefined) for (const later of since) done(known, later, later.by ?? me);
  return known;
}

/** As it was said first. */
function saidIn(row: ArchiveRow, place: Place, me: PersonId | undefined): Known | undefined {
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

/** What was done to it then. */
function done(known: Known, row: ArchiveRow, by: PersonId | undefined): void {
  if (row.kind === 'edit') {
    known.text = textIn(row) ?? known.text;
    known.refs.push(...(row.refs ?? []));
  } else if (row.kind === 'reaction' && by !== undefined) {
    const [set] = childrenIn(row).flatMap((one) => (one.ns === REACTIONS ? (reactions.read(one) ?? []) : []));
    if (set !== undefined) putReactions(known, by, set.reactions);
  }
}

const quotations: ReadonlySet<string> = new Set([REPLIES]);

/** What the row says, without what it quotes of the message that it answers; undefined where it says nothing or is damaged. */
export function textIn(row: Pick<ArchiveRow, 'body'>): string | undefined {
  const children = childrenIn(row);
  const body = children.find(({ name, ns }) => name === 'body' && ns === '');
  if (body === undefined) return undefined;
  const fallbacks = children.flatMap((one) => (one.ns === FALLBACK ? (fallback.read(one) ?? []) : []));
  return without(textOf(body), rangesOf(fallbacks, quotations)).rest;
}

/** Of the stanza; none where it is damaged. */
function childrenIn({ body }: Pick<ArchiveRow, 'body'>): readonly Element[] {
  try {
    return parseFragment(body).filter(isElement);
  } catch {
    return [];
  }
}
