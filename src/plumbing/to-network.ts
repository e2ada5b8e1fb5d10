/** From the MUC to the network's room: what an occupant says becomes an intent with its author, whose ids are those of the MUC's archive, so that none is accepted twice. */
import { type Author, plainText } from '../core/content.ts';
import { reactionInWords } from '../core/degrade.ts';
import type { ChatId, StanzaRef } from '../core/ids.ts';
import type { DurableIntent } from '../core/intent.ts';
import { createRemembered } from '../core/remembered.ts';
import { askOf } from '../gateway/decode/message.ts';
import type { Known } from '../gateway/refs.ts';
import type { PlumbedName, PlumbedSpeaker } from '../storage/plumbing-ports.ts';
import { childText } from '../xml/query.ts';
import { type Encryption, encryptionOf } from '../xmpp/xep/0380-encryption.ts';
import { occupantId } from '../xmpp/xep/0421-occupant-ids.ts';
import { retractionIn } from '../xmpp/xep/0424-retraction.ts';
import { moderatedAsOfOld } from '../xmpp/xep/0425-moderation.ts';
import type { MucIds } from './muc-ids.ts';
import { type Line, nameOf } from './muc-stanzas.ts';
import type { Names } from './names.ts';
import { inNetworksNames, type Nicks } from './nicks.ts';

export interface ToNetworkParts {
  readonly muc: string;
  readonly chat: ChatId;
  /** Our occupant by whose address the others are asked. */
  readonly herald: string;
  readonly names: Pick<Names, 'toRoom'>;
  readonly nicks: Nicks;
  /** What is called how on both sides, from before a restart. */
  readonly known: readonly PlumbedName[];
  readonly mucIds: Pick<MucIds, 'of'>;
  /** The message in the network's room that is called so. */
  find(name: string): Pick<Known, 'nick' | 'text' | 'isMine' | 'isRetracted'> | undefined;
  /** Nobody on the network could read that: it is not passed on. */
  onSecret(line: Line, secret: Encryption): void;
  /** The network took that back itself. */
  isTakenBack(name: string): boolean;
}

/** What is to be accepted, under which id. */
export interface Meant {
  readonly id: string;
  readonly intent: DurableIntent;
}

export interface ToNetwork {
  /** Undefined: it is nothing for the network, or was meant before. */
  read(line: Line): Meant | undefined;
  /** It was meant before a restart. */
  known(line: Line): void;
  /** Who said what the network's room calls so; undefined: nobody, or too long ago. */
  speakerOf(id: string): string | undefined;
  /** The same of what the MUC calls so, with what it takes to know them again. */
  saidBy(name: string): PlumbedSpeaker | undefined;
}

const rememberedAtMost = 2_000;
/** Nobody finds again what they called longer themselves, for it is written down. */
const idAtMost = 256;
/** So many of somebody's to one message are remembered. */
const emojiAtMost = 30;

/**
 * The MUC's own mark of who says it (XEP-0421), which outlasts their names and goes to nobody else with them; the name where there is none. A MUC that gives none
 * passes on what people give themselves: no such id is taken for a name.
 */
const markOf = ({ el, nick }: Line): string => {
  const id = occupantId.in(el)?.id;
  return id === undefined || id.includes('\n') ? `${nick}\n` : id;
};

/** Both are what people like: nothing that XML can say stands between them. */
const keyOf = (mark: string, id: string): string => `${mark}\0${id}`;

function speakerIn(line: Line): PlumbedSpeaker {
  const ids = new Set([line.id ?? [], line.originId ?? []].flat().filter(({ length }) => length <= idAtMost));
  return { nick: line.nick, mark: markOf(line), ids: [...ids] };
}

export function createToNetwork(parts: ToNetworkParts): ToNetwork {
  const { muc, chat, herald, names, nicks, find, isTakenBack, mucIds } = parts;
  /** By the id that it has in the network's room: who said it. */
  const speakers = createRemembered<PlumbedSpeaker>(rememberedAtMost);
  /** By speaker's mark and the id that they gave it: its name. */
  const aliases = createRemembered<string>(rememberedAtMost);
  /** By who reacts and to what: what was said of it. Clients tell all that holds, each time. */
  const reacted = createRemembered<readonly string[]>(rememberedAtMost);

  const idOf = mucIds.of;
  /** What the MUC calls so, as the room calls it. */
  const roomNameOf = (name: string): string => names.toRoom(name) ?? idOf(name);

  function remember(name: string, speaker: PlumbedSpeaker): void {
    speakers.put(idOf(name), speaker);
    for (const own of speaker.ids) aliases.put(keyOf(speaker.mark, own), name);
  }

  for (const { muc: name, speaker } of parts.known) if (speaker !== undefined) remember(name, speaker);

  const authored = (nick: string): { readonly author: Author } => ({
    author: { nick, jid: `${muc}/${nick}`, askedBy: herald },
  });

  function reply(replyTo: StanzaRef | undefined): { readonly replyTo?: StanzaRef } {
    return replyTo === undefined ? {} : { replyTo: { ...replyTo, stanzaId: roomNameOf(replyTo.stanzaId) } };
  }

  /** What the network's people said is theirs: ranks of the MUC count for nothing there. */
  const isNetworks = (name: string): boolean => find(names.toRoom(name) ?? '')?.isMine === false;

  /** By their author's word, or by a moderator's, which the room itself says. */
  function retraction(line: Line, target: string, reason: string | undefined): DurableIntent | undefined {
    const because = reason === undefined ? {} : { reason };
    const may = line.nick === '' ? !isNetworks(target) : speakers.get(idOf(target))?.mark === markOf(line);
    return may && !isTakenBack(target)
      ? { kind: 'retract', chat, target: { stanzaId: idOf(target) }, ...because }
      : undefined;
  }

  /** What nobody has said of it yet. */
  function freshly(line: Line, target: string, emoji: readonly string[]): readonly string[] {
    const key = keyOf(markOf(line), target);
    const before = reacted.get(key) ?? [];
    const fresh = [...new Set(emoji)].filter((one) => !before.includes(one));
    if (target.length <= idAtMost) reacted.put(key, [...before, ...fresh].slice(-emojiAtMost));
    return fresh;
  }

  /** What only the archive remembers is answered, where the network can say to what. */
  function reactionToOld(line: Line, target: string, emoji: readonly string[]): DurableIntent | undefined {
    const stanzaId = names.toRoom(target);
    if (stanzaId === undefined) return undefined;
    const text = plainText(`reacted with ${emoji.join(' ')} to an earlier message`);
    return { kind: 'send', chat, content: { text, action: true, replyTo: { stanzaId }, ...authored(line.nick) } };
  }

  /** One account reacts for all of them: whose it was is said in words. */
  function reaction(line: Line, target: string, all: readonly string[]): DurableIntent | undefined {
    const emoji = freshly(line, target, all);
    if (emoji.length === 0) return undefined;
    const known = find(roomNameOf(target));
    if (known === undefined) return reactionToOld(line, target, emoji);
    if (known.isRetracted) return undefined;
    const nick = speakers.get(idOf(target))?.nick ?? known.nick;
    const content = { ...reactionInWords(emoji, { text: known.text, nick }, false), ...authored(line.nick) };
    return { kind: 'send', chat, content };
  }

  function intentOf(line: Line): DurableIntent | undefined {
    const withdrawn = retractionIn(line.el) ?? (line.nick === '' ? moderatedAsOfOld(line.el) : undefined);
    if (withdrawn !== undefined) return retraction(line, withdrawn.id, withdrawn.reason);
    if (line.nick === '') return undefined;
    const secret = encryptionOf(line.el, childText(line.el, 'body'));
    if (secret !== undefined) {
      if (!secret.isEmpty) parts.onSecret(line, secret);
      return undefined;
    }
    const asked = askOf(line.el, chat, muc);
    switch (asked?.kind) {
      case 'send': {
        const { replyTo, ...content } = inNetworksNames(asked.content, nicks);
        return { ...asked, content: { ...content, ...reply(replyTo), ...authored(line.nick) } };
      }
      case 'edit': {
        const { replyTo, ...content } = inNetworksNames(asked.content, nicks);
        const first = aliases.get(keyOf(markOf(line), asked.target.stanzaId));
        const said = { ...content, ...reply(replyTo), ...authored(line.nick) };
        // What nobody remembers is said anew.
        return first === undefined
          ? { kind: 'send', chat, content: said }
          : { ...asked, target: { stanzaId: idOf(first) }, content: said };
      }
      case 'react':
        return reaction(line, asked.target.stanzaId, asked.emoji);
      default:
        return undefined;
    }
  }

  return {
    read(line) {
      const name = nameOf(line);
      if (name === undefined || speakers.get(idOf(name)) !== undefined) return undefined;
      const intent = intentOf(line);
      remember(name, speakerIn(line));
      return intent === undefined ? undefined : { id: idOf(name), intent };
    },
    known(line) {
      const name = nameOf(line);
      if (name !== undefined) remember(name, speakerIn(line));
    },
    speakerOf: (id) => speakers.get(id)?.nick,
    saidBy: (name) => speakers.get(idOf(name)),
  };
}
