/** People whom a text names, as references beside the body (XEP-0372 §3.1, CHECKLIST 372-01): the name itself stands in the text. */
import type { Mark, RichText } from '../../core/content.ts';
import type { PersonId } from '../../core/ids.ts';
import { empty, join, type Xml } from '../../xml/writer.ts';
import { reference } from '../../xmpp/xep/0372-references.ts';
import { counting } from '../../xmpp/xep/0426-character-counting.ts';

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
      const jid = addressOf(person);
      if (jid === undefined) return [];
      const [begin, end] = [places.points(from + before), places.points(to + before)];
      return [reference.write({ type: 'mention', begin, end, uri: uriOf(jid) })];
    }),
  );
}

/** RFC 5122: every part is percent-encoded (JID-18). */
function uriOf(jid: string): string {
  const slash = jid.indexOf('/');
  const bare = slash < 0 ? jid : jid.slice(0, slash);
  const resource = slash < 0 ? '' : `/${encodeURIComponent(jid.slice(slash + 1))}`;
  const at = bare.lastIndexOf('@');
  return at < 0
    ? `xmpp:${bare}${resource}`
    : `xmpp:${encodeURIComponent(bare.slice(0, at))}${bare.slice(at)}${resource}`;
}
