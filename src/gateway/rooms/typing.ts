/** Who is writing (XEP-0085, CHECKLIST 085), and up to where our user has read (XEP-0333, CHECKLIST 333), where the network has a word for it. */
import type { ChatId } from '../../core/ids.ts';
import type { FleetingIntent } from '../../core/intent.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { CHAT_STATES, type ChatState, chatState, chatStateIn } from '../../xmpp/xep/0085-chat-states.ts';
import { displayed, MARKERS } from '../../xmpp/xep/0333-markers.ts';
import { hint } from '../../xmpp/xep/0334-hints.ts';
import type { Heard } from '../face.ts';
import type { EventOf, FaceState, Out, RoomFeature } from './feature.ts';
import { silence } from './feature.ts';
import type { Room } from './room.ts';

type Stated = Pick<EventOf<'typing'>, 'active' | 'paused'>;

const stateOf = ({ active, paused }: Stated): ChatState =>
  active ? 'composing' : paused === true ? 'paused' : 'active';

/** A state standing alone, which nobody keeps (085-01). */
export const typingBody = (stated: Stated): Xml => xml`${chatState(stateOf(stated))}${hint('no-store')}`;

/** What a client's state means for the network; leaving a window is not writing. */
const typingOf = (state: ChatState): Stated => {
  if (state === 'composing') return { active: true };
  return state === 'paused' ? { active: false, paused: true } : { active: false };
};

const writingAtMost = 500;

/** For the network, where it is another state than the one that it knows of (085-02). */
function changeOf(face: FaceState, chat: ChatId, state: ChatState): FleetingIntent | undefined {
  const stated = typingOf(state);
  const now = stated.active ? 'active' : stated.paused === true ? 'paused' : undefined;
  if (face.writing.get(chat) === now) return undefined;
  if (now === undefined) face.writing.delete(chat);
  else if (face.writing.has(chat) || face.writing.size < writingAtMost) face.writing.set(chat, now);
  return { kind: 'typing', chat, ...stated };
}

/** A client has gone, maybe while it wrote: whatever is said next of writing there is news to the network, which stops believing by itself. */
export function forgetWriting({ writing }: FaceState, chats: Iterable<ChatId>): void {
  for (const chat of chats) if (writing.has(chat)) writing.set(chat, 'left');
}

/** What answers a state. */
export function heardState(face: FaceState, chat: ChatId, state: ChatState): Heard {
  const fleeting = changeOf(face, chat, state);
  return fleeting === undefined ? silence : { stanzas: [], fleeting };
}

function tell(face: FaceState, room: Room, event: EventOf<'typing'>, out: Out): void {
  const speaker = room.people.of(event.by);
  if (speaker === undefined || speaker === room.me || room.everybody.length === 0) return;
  const id = face.context.newId();
  const body = typingBody(event);
  out.stanzas.push({ kind: 'message', type: 'groupchat', from: speaker.jid, to: room.everybody, id, body });
}

function hear(face: FaceState, room: Room, from: string, stanza: Parameters<typeof chatStateIn>[0]): Heard | undefined {
  if (!room.clients.has(from) || !room.joined) return undefined;
  const { chat } = room;
  const marker = displayed.in(stanza);
  if (marker !== undefined && face.session?.receipts !== undefined) {
    return { stanzas: [], fleeting: { kind: 'read', chat, upTo: { stanzaId: marker.id } } };
  }
  const state = chatStateIn(stanza);
  if (state === undefined || face.session?.typing === undefined) return undefined;
  return heardState(face, chat, state);
}

/** Announced where the network shows it (085-01, 085-03, 333-03). */
export const typing: RoomFeature = {
  features: ({ session }) => [
    ...(session?.typing === undefined ? [] : [CHAT_STATES]),
    ...(session?.receipts === undefined ? [] : [MARKERS]),
  ],
  on: { typing: tell },
  hears: {
    message(face, room, { type, to, from, el }) {
      if (type !== 'groupchat' || to.resource !== '') return undefined;
      return hear(face, room, from.full, el) ?? silence;
    },
  },
};
