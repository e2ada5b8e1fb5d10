/** A message that the face has forgotten, made known again from its row in the archive. */
import type { PersonId } from '../core/ids.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import { parseFragment } from '../xml/document.ts';
import { isElement, textOf } from '../xml/query.ts';
import { CORRECTION } from '../xmpp/xep/0308-correction.ts';
import { RETRACTION } from '../xmpp/xep/0424-retraction.ts';
import { type Known, knownAs } from './refs.ts';

/** undefined where the row is damaged, or is no message that somebody said. @param place the room's JID @param me who we are */
export function knownFromRow(row: ArchiveRow, place: string, me: PersonId | undefined): Known | undefined {
  if (row.by === undefined) return undefined;
  const text = bodyIn(row.body);
  if (text === undefined) return undefined;
  const { by, nick, at, id: name, refs = [] } = row;
  const id = row.stanza ?? name;
  const facts = { by, nick, from: `${place}/${nick}`, id, name, originId: undefined, isMine: by === me, at, text };
  return knownAs(facts, refs);
}

const deeds: ReadonlySet<string> = new Set([CORRECTION, RETRACTION]);

/** The text of a message that stands for itself. */
function bodyIn(markup: string): string | undefined {
  try {
    const elements = parseFragment(markup).filter(isElement);
    if (elements.some(({ ns }) => deeds.has(ns))) return undefined;
    const body = elements.find(({ name, ns }) => name === 'body' && ns === '');
    return body === undefined ? undefined : textOf(body);
  } catch {
    return undefined;
  }
}
