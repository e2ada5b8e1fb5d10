/**
 * Reactions of those for whom the herald speaks: an occupant has one set of them to a message (XEP-0444 §3.1), and it is not theirs. They are said in words,
 * each once, whatever is taken back and given again.
 */
import { nameInFront } from '../core/authors.ts';
import { reactionInWords } from '../core/degrade.ts';
import { createRemembered } from '../core/remembered.ts';
import type { Known } from '../gateway/refs.ts';
import type { Element } from '../xml/element.ts';
import { type Xml, xml } from '../xml/writer.ts';
import { reactions } from '../xmpp/xep/0444-reactions.ts';
import type { RoomLine } from './to-muc.ts';

/** What that one has not been said to have reacted with yet; undefined: nothing. @param name whose it is */
export type ReactedInWords = (el: Element, line: Pick<RoomLine, 'id'>, name: string) => Xml | undefined;

export interface ReactedParts {
  /** The message in the network's room that is called so. */
  find(id: string): Pick<Known, 'name' | 'nick' | 'text' | 'isRetracted'> | undefined;
  /** Is somebody of that name in the network's room? Crowds react who are not, and a line for each of them would be noise. */
  isThere(name: string): boolean;
}

const rememberedAtMost = 2_000;

/** Nobody has reacted yet. */
export function createReactedInWords({ find, isThere }: ReactedParts): ReactedInWords {
  /** By who reacted and to what: which line said it of which emoji. A line may be said again that the MUC did not take. */
  const said = createRemembered<ReadonlyMap<string, string>>(rememberedAtMost);

  return (el, { id }, name) => {
    const set = reactions.read(el);
    const known = set === undefined ? undefined : find(set.id);
    if (set === undefined || known === undefined || known.isRetracted || !isThere(name)) return undefined;
    const key = `${name}\0${known.name}`;
    const before = said.get(key) ?? new Map<string, string>();
    const fresh = [...new Set(set.reactions)].filter((emoji) => (before.get(emoji) ?? id) === id);
    if (fresh.length === 0) return undefined;
    said.put(key, new Map([...before, ...fresh.map((emoji) => [emoji, id] as const)]));
    const { text } = nameInFront({ ...reactionInWords(fresh, known, false), author: { nick: name } });
    return xml`<body>${text?.plain ?? ''}</body>`;
  };
}
