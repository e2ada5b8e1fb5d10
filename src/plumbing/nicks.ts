/**
 * Whoever is called otherwise in the MUC than on the network, for their name was taken there: how they are named on either side is how they are meant on the
 * other.
 */
import type { Content, Mark, RichText } from '../core/content.ts';
import type { StanzaRef } from '../core/ids.ts';
import { jidIn } from '../gateway/text/mentions.ts';
import type { Element } from '../xml/element.ts';
import { parseJid, xmppUri } from '../xmpp/jid.ts';

/** Of the network's people who are in the MUC. */
export interface Nicks {
  /** What whoever is called so on the network is called there; undefined: they are not in it. */
  inMuc(name: string): string | undefined;
  /** Those with two names: the one there, then the network's. */
  otherwise(): readonly (readonly [string, string])[];
}

/** What somebody in the MUC says, in the network's names. */
export function inNetworksNames<C extends Content<StanzaRef>>(content: C, nicks: Nicks): C {
  const pairs = nicks.otherwise();
  if (pairs.length === 0) return content;
  const { text, replyTo } = content;
  const answered = pairs.find(([nick]) => nick === replyTo?.nick)?.[1];
  return {
    ...content,
    ...(text !== undefined && { text: renamed(meant(text, pairs, nicks), pairs) }),
    ...(replyTo !== undefined && answered !== undefined && { replyTo: { ...replyTo, nick: answered } }),
  };
}

/** Whom a reference (XEP-0372 §3.2) names, by the address that they have there; the same where they have none. */
export type Named = (reference: Element) => Element;

/** @param room the network's, whose occupants are named by their addresses in it */
export const createNamed =
  (room: string, muc: string, nicks: Pick<Nicks, 'inMuc'>): Named =>
  (el) => {
    const jid = jidIn(el.attrs.uri ?? '');
    const nick = jid?.bare === room ? nicks.inMuc(jid.resource) : undefined;
    const there = nick === undefined ? undefined : parseJid(`${muc}/${nick}`);
    return there === undefined ? el : { ...el, attrs: { ...el.attrs, uri: xmppUri(there) } };
  };

type Pair = readonly [string, string];

/** One nick may begin as another does. */
const byLength = ([one]: Pair, [other]: Pair): number => other.length - one.length;

/** Whom a client has marked. Somebody of the MUC's own may be called as one of the network's people is on the network: those are not meant. */
function meant({ plain, marks }: RichText, pairs: readonly Pair[], nicks: Nicks): RichText {
  const named = marks.flatMap((mark): readonly Mark[] => {
    if (mark.is !== 'named' || mark.nick === undefined) return [mark];
    const name = pairs.find(([nick]) => nick === mark.nick)?.[1];
    if (name !== undefined) return [{ ...mark, nick: name }];
    return (nicks.inMuc(mark.nick) ?? mark.nick) === mark.nick ? [mark] : [];
  });
  return { plain, marks: named };
}

const inName = /[\p{L}\p{N}_]/u;
/** More is no text but noise. */
const renamedAtMost = 50;

/** With the other name wherever a nick stands by itself. */
function renamed({ plain: text, marks: all }: RichText, pairs: readonly Pair[]): RichText {
  let [plain, marks, left] = [text, all, renamedAtMost];
  for (const [nick, name] of pairs.toSorted(byLength)) {
    for (let at = plain.indexOf(nick); at >= 0 && left > 0; at = plain.indexOf(nick, at)) {
      const [from, end] = [at, at + nick.length];
      const isPart = inName.test(plain.charAt(from - 1)) || inName.test(plain.charAt(end));
      at = isPart ? end : from + name.length;
      if (isPart) continue;
      left--;
      plain = plain.slice(0, from) + name + plain.slice(end);
      const moved = (place: number): number => (place >= end ? place + at - end : Math.min(place, at));
      marks = marks.map((mark) => ({ ...mark, from: moved(mark.from), to: moved(mark.to) }));
    }
  }
  return { plain, marks };
}
