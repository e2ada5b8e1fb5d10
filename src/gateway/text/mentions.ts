/** People whom a text names, as references beside the body (XEP-0372 §3.2, CHECKLIST 372-01), both ways: the name itself stands in the text. */
import type { Mark, RichText } from '../../core/content.ts';
import type { PersonId } from '../../core/ids.ts';
import type { Element } from '../../xml/element.ts';
import { child, children } from '../../xml/query.ts';
import { empty, join, type Xml } from '../../xml/writer.ts';
import { parseJid, xmppUri } from '../../xmpp/jid.ts';
import { REFERENCES, reference } from '../../xmpp/xep/0372-references.ts';
import { counting } from '../../xmpp/xep/0426-character-counting.ts';
import type { Cut } from './read-marks.ts';

/** By which address clients know that person; undefined: by none. */
export type AddressOf = (person: PersonId) => string | undefined;

type Mention = Extract<Mark, { readonly is: 'mention' }>;

/** More are no text but noise. */
const mentionsAtMost = 50;

const isMention = (mark: Mark): mark is Mention => mark.is === 'mention' && mark.from < mark.to;

/** Most texts name nobody. */
export const namesSomebody = (text: RichText | undefined): boolean =>
  text !== undefined && text.marks.length > 0 && text.marks.some(isMention);

/** @param body what the body says, with the text in it; @param before how many UTF-16 units it has in front of the text */
export function writeMentions({ marks }: RichText, body: string, before: number, addressOf: AddressOf): Xml {
  const mentions = marks.filter(isMention).slice(0, mentionsAtMost);
  if (mentions.length === 0) return empty;
  const places = counting(body);
  return join(
    mentions.flatMap(({ from, to, person }) => {
      const jid = parseJid(addressOf(person) ?? '');
      if (jid === undefined) return [];
      const [begin, end] = [places.points(from + before), places.points(to + before)];
      return [reference.write({ type: 'mention', begin, end, uri: xmppUri(jid) })];
    }),
  );
}

const none: readonly Mark[] = [];

/** A name is no longer, and no line is one. */
const longestName = 100;

/** Whom and what the message names; what stands there says so little that it may be said otherwise. @param text what is left of the body @param room the room's JID, where it is said in one */
export function readMentions(message: Element, text: string, cut: Cut, room: string | undefined): readonly Mark[] {
  if (child(message, 'reference', REFERENCES) === undefined) return none;
  const all = children(message, 'reference', REFERENCES).slice(0, mentionsAtMost);
  const places = counting(text);
  return all.flatMap((el): readonly Mark[] => {
    const found = reference.read(el);
    const jid = found?.type === 'mention' ? jidIn(found.uri) : undefined;
    if (found === undefined || jid === undefined) return [];
    const [from, to] = [places.units(cut.moved(found.begin)), places.units(cut.moved(found.end))];
    const name = text.slice(from, to);
    if (name.trim() === '' || name.length > longestName || name.includes('\n')) return [];
    const isHere = jid.resource !== '' && jid.bare === room;
    return [{ from, to, is: 'named', ...(isHere ? { nick: jid.resource } : { jid: jid.full }) }];
  });
}

/** The address that a reference leads to; undefined: none. */
export function jidIn(uri: string): ReturnType<typeof parseJid> {
  // Rooms begin with a "#", which not every client escapes; no fragment can stand there.
  const written = /^xmpp:(#?[^?#]{1,3000})/i.exec(uri)?.[1];
  try {
    return written === undefined ? undefined : parseJid(decodeURIComponent(written));
  } catch {
    return undefined;
  }
}
