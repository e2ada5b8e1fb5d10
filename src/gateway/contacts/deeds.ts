/** What happens to messages between two: corrections, retractions, reactions, and who is writing, as chat messages from the contact (CHECKLIST 308, 424, 444, 085). */
import type { NetworkEvent } from '../../core/event.ts';
import { type ChatId, chatId, type PersonId, personId } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { chatStateIn } from '../../xmpp/xep/0085-chat-states.ts';
import { replace } from '../../xmpp/xep/0308-correction.ts';
import { displayed } from '../../xmpp/xep/0333-markers.ts';
import { hint } from '../../xmpp/xep/0334-hints.ts';
import type { Heard } from '../face.ts';
import { type Known, textAtMost } from '../refs.ts';
import { type EventOf, type FaceState, type IntentOf, type Out, type Read, silence } from '../rooms/feature.ts';
import { foldReaction, isEmoji, putReactions, reactionBody } from '../rooms/reactions.ts';
import { retraction } from '../rooms/retractions.ts';
import { heardState, typingBody } from '../rooms/typing.ts';
import { partnerOf } from '../talks.ts';
import { textOfContent } from '../text/body.ts';
import { clientJid } from './addresses.ts';
import { keepLine, rowOf } from './archived.ts';
import { shownBetween } from './shown-between.ts';

/** The events that are about a message, or about writing one. */
export type Deed = Extract<NetworkEvent, { kind: 'edited' | 'retracted' | 'reaction' | 'typing' | 'read' }> & {
  readonly by: PersonId;
};

/** To the owner's bare address. Returns the stanza's id. */
function put(face: FaceState, event: Deed, body: Xml, keep: boolean, out: Out): string {
  const from = clientJid(face.context, personId(event.chat));
  const id = face.context.newId();
  const to = [partnerOf(face.context, event.chat)];
  out.stanzas.push({ kind: 'message', type: 'chat', from, to, id, body, ...(keep && { keep }) });
  return id;
}

/** As the archive calls them. */
export const kinds = { edited: 'edit', retracted: 'retraction', reaction: 'reaction' } as const;

/** A conversation of two is named by the other's id; what we did ourselves elsewhere is not shown (280-02), nor is what is about messages that nobody knows. */
export function tellDeed(face: FaceState, event: Deed, out: Out): void {
  if (String(event.by) !== String(event.chat)) return;
  if (event.kind === 'typing') {
    // To a client that has shown that it knows what that is (085-04).
    if (face.statesSeen.has(event.chat)) put(face, event, typingBody(event), false, out);
    return;
  }
  const known = face.refs.named(event.chat, event.kind === 'read' ? event.upTo : event.target);
  // Who has read up to something that was taken back since has read what was said before it.
  if (known === undefined || (known.isRetracted && event.kind !== 'read')) return;
  const body = event.kind === 'read' ? readBody(face, event.chat, known) : deedBody(face, event, known);
  if (body === undefined) return;
  const id = put(face, event, body, true, out);
  if (event.kind === 'read') return;
  const { chat, by, kind } = event;
  const line = { row: id, id, at: event.at.getTime(), by, nick: by, body, kind: kinds[kind], about: rowOf(known) };
  keepLine(face, chat, line, false, out);
}

/** The network has what a client of ours has done to a message; its server has told its other clients. */
export function directDeedSettled(
  face: FaceState,
  intent: IntentOf<'react' | 'retract'>,
  { stanzaId, unkept }: Origin,
  known: Known | undefined,
  out: Out,
): void {
  const { chat } = intent;
  const me = face.session?.me;
  if (known === undefined || me === undefined) return;
  if (intent.kind === 'react') putReactions(known, me, intent.emoji);
  else known.isRetracted = true;
  if (unkept === true) return;
  const row = face.context.newId();
  const body =
    intent.kind === 'react' ? reactionBody(known.name, intent.emoji) : retraction(known.id, intent.reason, face.lang);
  const kind = intent.kind === 'react' ? 'reaction' : 'retraction';
  const line = { row, id: stanzaId ?? row, at: face.context.now(), nick: me, body, kind, about: rowOf(known) } as const;
  keepLine(face, chat, line, false, out);
}

/** Is it further than before (333-01, 333-02)? Then it is how far from now on. */
export function isFurther(upTo: Map<ChatId, Read>, chat: ChatId, { at, id }: Known): boolean {
  const before = upTo.get(chat);
  if (before !== undefined && (at < before.at || id === before.id)) return false;
  if (upTo.size >= seenAtMost) upTo.clear();
  upTo.set(chat, { at, id });
  return true;
}

/** They have read up to that message: told of the newest of ours until then (333-01). */
function readBody(face: FaceState, chat: ChatId, known: Known): Xml | undefined {
  const own = known.isMine ? known : face.refs.ownUpTo(chat, known.at);
  if (own === undefined || !isFurther(face.readUpTo.theirs, chat, own)) return undefined;
  return xml`${displayed.write({ id: own.id })}${hint('store')}`;
}

function deedBody(face: FaceState, event: Exclude<Deed, { kind: 'typing' | 'read' }>, known: Known): Xml | undefined {
  switch (event.kind) {
    case 'edited':
      return known.isMine ? undefined : correction(face, event, known);
    case 'retracted':
      if (known.isMine) return undefined;
      known.isRetracted = true;
      return retraction(known.id, event.reason, face.lang);
    case 'reaction': {
      const all = isEmoji(event.emoji) ? foldReaction(known, event.by, event.emoji, event.present) : undefined;
      return all === undefined ? undefined : reactionBody(known.name, all);
    }
    default:
      return event satisfies never;
  }
}

/** In the place of that message, and as whole as it was (308-04); undefined: it says what it said. */
export function correction(face: FaceState, event: EventOf<'edited'>, known: Known): Xml | undefined {
  const text = textOfContent(event.content);
  if (text.length <= textAtMost && text === known.text) return undefined;
  const body = shownBetween(face, event.chat, event.content);
  if (body === undefined) return undefined;
  known.text = text;
  return xml`${body}${replace.write({ id: known.id })}`;
}

/** How many conversations are remembered as speaking of states. */
const seenAtMost = 4096;

/** A client has told of its state there, alone or with what it says: it is told of the other's from now on (085-04). */
export function wantsStates({ statesSeen }: FaceState, chat: ChatId): void {
  if (statesSeen.size < seenAtMost) statesSeen.add(chat);
}

/** A client's state or marker in a conversation of two; undefined: it is neither, or the network has no word for it. */
export function hearState(face: FaceState, { to, el, type }: Stanza): Heard | undefined {
  if (type === 'error' || type === 'groupchat') return undefined;
  const address = to.local === '' ? undefined : face.context.addresses.parse(to.local);
  if (address?.is !== 'person') return undefined;
  const chat = chatId(address.id);
  const marker = displayed.in(el);
  if (marker !== undefined && face.session?.receipts !== undefined) {
    const known = face.refs.find(chat, { stanzaId: marker.id });
    if (known !== undefined && !isFurther(face.readUpTo.ours, chat, known)) return silence;
    return { stanzas: [], fleeting: { kind: 'read', chat, upTo: { stanzaId: marker.id } } };
  }
  const state = chatStateIn(el);
  if (state === undefined || face.session?.typing === undefined) return undefined;
  wantsStates(face, chat);
  return heardState(face, chat, state);
}
