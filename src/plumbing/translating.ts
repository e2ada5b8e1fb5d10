/** What was said in the network's room in the words of the MUC: ids are those of the MUC's archive, and the name stands in front where the herald speaks. */
import { nameInFront } from '../core/authors.ts';
import { plainText } from '../core/content.ts';
import { createRemembered } from '../core/remembered.ts';
import type { Known } from '../gateway/refs.ts';
import type { Element } from '../xml/element.ts';
import { childText } from '../xml/query.ts';
import { join, write, type Xml, xml } from '../xml/writer.ts';
import { MUC_USER } from '../xmpp/xep/0045-muc.ts';
import { DELAY } from '../xmpp/xep/0203-delay.ts';
import { actionOf } from '../xmpp/xep/0245-me.ts';
import { CORRECTION } from '../xmpp/xep/0308-correction.ts';
import { STANZA_IDS } from '../xmpp/xep/0359-stanza-ids.ts';
import { REFERENCES } from '../xmpp/xep/0372-references.ts';
import { RETRACTION } from '../xmpp/xep/0424-retraction.ts';
import { FASTEN, MODERATION } from '../xmpp/xep/0425-moderation.ts';
import { FALLBACK, fallback } from '../xmpp/xep/0428-fallback.ts';
import { REACTIONS } from '../xmpp/xep/0444-reactions.ts';
import { REPLIES } from '../xmpp/xep/0461-replies.ts';
import type { Names } from './names.ts';
import type { Named } from './nicks.ts';
import type { OwnIds } from './own-ids.ts';
import type { ReactedInWords } from './reacted.ts';
import type { RoomLine } from './to-muc.ts';

/** undefined: there is nothing to say. @param named whose name stands in front; undefined: they speak for themselves */
export type Translate = (line: RoomLine, named: string | undefined) => Xml | undefined;

/** The room's own, or about somebody's clients there. */
const ofTheRoom: ReadonlySet<string> = new Set([
  STANZA_IDS,
  DELAY,
  MUC_USER,
  // What a moderator took back, once more for old clients.
  FASTEN,
  'urn:xmpp:occupant-id:0',
  'urn:xmpp:chat-markers:0',
  'http://jabber.org/protocol/chatstates',
]);

/** What the herald says of others' messages as well as whoever said them: it is who said them there. */
const aboutOthers: readonly string[] = [CORRECTION, REPLIES, RETRACTION];

/** How many code points of the text stand there for the message that is answered. */
function quotedIn(children: readonly Element[]): number {
  const [range] = children.flatMap((el) => (el.attrs.for === REPLIES ? (fallback.read(el)?.bodies ?? []) : []));
  return range?.start === 0 ? (range.end ?? 0) : 0;
}

/** Worth nothing without what they are about. */
const deeds: ReadonlySet<string> = new Set([RETRACTION, REACTIONS]);

const isShown = ({ name, ns }: Element): boolean =>
  (name === 'body' && ns === '') || deeds.has(ns) || ns === 'urn:xmpp:sfs:0';

const unsaidAtMost = 500;

/** Which line it corrects or takes back, by its name in the network's room; undefined: none. @param find as for `createTranslate` */
export function changedBy(
  { children }: RoomLine,
  find: (id: string) => Pick<Known, 'name'> | undefined,
): string | undefined {
  const id = children.find(({ ns }) => ns === CORRECTION || ns === RETRACTION)?.attrs.id;
  return id === undefined ? undefined : (find(id)?.name ?? id);
}

/** Which line it answers, reacts to or takes back, which the MUC calls as it says when it says it back; undefined: none. */
export const aboutOf = ({ children }: RoomLine): string | undefined =>
  children.find(({ ns }) => ns === REPLIES || deeds.has(ns))?.attrs.id;

/** By the ids and names of one plumbing. @param find the message in the network's room that is called so @param named whom it mentions, as the MUC knows them @param reacted for whom the herald speaks */
export function createTranslate(
  ids: OwnIds,
  names: Pick<Names, 'toMuc'>,
  find: (id: string) => Pick<Known, 'name' | 'isRetracted'> | undefined,
  named: Named,
  reacted: ReactedInWords,
): Translate {
  const unsaid = createRemembered<true>(unsaidAtMost);
  /** Corrections name a stanza's id, which is the room's own name for it but for what the account itself has said. */
  const signed = (id: string): string => ids.sign(find(id)?.name ?? id);

  /** undefined: it is left out. */
  function translated(el: Element): Element | undefined {
    if (ofTheRoom.has(el.ns)) return undefined;
    if (el.ns === REFERENCES) return named(el);
    const { id } = el.attrs;
    if (id === undefined) return el;
    if (el.ns === CORRECTION) return { ...el, attrs: { ...el.attrs, id: signed(id) } };
    if (el.ns !== REPLIES && !deeds.has(el.ns)) return el;
    const muc = names.toMuc(id);
    // Who is answered is called otherwise there: the id says enough. What a moderator took back goes by its author's own word.
    const children = el.children.filter((one) => typeof one === 'string' || one.ns !== MODERATION);
    return muc === undefined ? undefined : { ...el, attrs: { id: muc }, children };
  }

  function inWords(line: RoomLine, name: string): Xml | undefined {
    const { children } = line;
    const reaction = children.find(({ ns }) => ns === REACTIONS);
    if (reaction !== undefined) return reacted(reaction, line, name);
    const message: Element = { name: 'message', ns: '', attrs: {}, children };
    const text = childText(message, 'body') ?? '';
    const about = aboutOthers.flatMap((ns) =>
      children.filter((el) => el.ns === ns).flatMap((el) => translated(el) ?? []),
    );
    // What a moderator took back has no words.
    if (text === '') return about.some(({ ns }) => ns === RETRACTION) ? join(about.map((el) => write(el))) : undefined;
    // What is quoted stands for the answer, and is not theirs.
    const quoted = about.some(({ ns }) => ns === REPLIES) ? quotedIn(children) : 0;
    const points = Array.from(text);
    const said = points.slice(quoted).join('');
    const action = actionOf(said);
    const content = {
      author: { nick: name },
      text: plainText(action ?? said),
      ...(action !== undefined && { action: true }),
    };
    const standIns = children.filter(({ ns, attrs }) => ns === FALLBACK && about.some((el) => el.ns === attrs.for));
    const body = points.slice(0, quoted).join('') + (nameInFront(content).text?.plain ?? '');
    return xml`<body>${body}</body>${join([...about, ...standIns].map((el) => write(el)))}`;
  }

  /** It was taken back before it was said, or takes back what was not said for that. */
  function isVoid(line: RoomLine): boolean {
    const withdrawn = line.children.find(({ ns }) => ns === RETRACTION)?.attrs.id;
    if (withdrawn !== undefined) return unsaid.has(withdrawn);
    if (find(changedBy(line, find) ?? line.id)?.isRetracted !== true) return false;
    unsaid.put(line.id, true);
    return true;
  }

  return (line, named) => {
    if (isVoid(line)) return undefined;
    if (named !== undefined && named !== '') return inWords(line, named);
    const children = line.children.flatMap((el) => translated(el) ?? []);
    if (!children.some(isShown)) return undefined;
    const answers = children.some(({ ns }) => ns === REPLIES);
    // What stood in for an answer is text where the answer is gone.
    const kept = children.filter(({ ns, attrs }) => ns !== FALLBACK || attrs.for !== REPLIES || answers);
    return join(kept.map((el) => write(el)));
  };
}
