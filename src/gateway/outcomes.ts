/** What the sender of an intent is told once it is settled: reflection, receipt, iq result or error, and the same once more for a repetition. */
import type { GatewayError } from '../core/errors.ts';
import { type DeliveryKey, personId } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { bareOf } from '../core/jids.ts';
import { empty } from '../xml/writer.ts';
import type { Outgoing } from '../xmpp/outgoing.ts';
import { directDeedSettled } from './contacts/deeds.ts';
import { receipt, rememberSent } from './contacts/direct.ts';
import { contactRefused, contactSettled } from './contacts/roster.ts';
import { cameOrWent } from './rooms/coming.ts';
import type { FaceState, Out } from './rooms/feature.ts';
import type { Folded } from './rooms/fold.ts';
import { expel } from './rooms/kicks.ts';
import { reflect, reflectAgain, type SentFacts } from './rooms/messages.ts';
import { closedRoom } from './rooms/open-rooms.ts';
import { passwordSet } from './rooms/options-form.ts';
import { refusal } from './rooms/origin.ts';
import { reactionSettled } from './rooms/reactions.ts';
import { hearRetracted, retractionSettled } from './rooms/retractions.ts';
import type { Room } from './rooms/room.ts';
import { joinUri, roomJid } from './rooms/venue.ts';
import { wordsOf } from './translation.ts';

/** What a repetition of a settled direct message or request is told by. */
const plainly = 'done';

/** Is the address a room of ours, as the bridge reads it? */
export function isRoomAddress({ context }: FaceState, jid: string): boolean {
  const at = jid.indexOf('@');
  return at > 0 && context.addresses.parse(jid.slice(0, at))?.is === 'room';
}

function iqResult(origin: Origin): Outgoing {
  const id = origin.stanzaId === undefined ? {} : { id: origin.stanzaId };
  return { kind: 'iq', type: 'result', from: origin.to, to: [origin.from], ...id, body: empty };
}

/** In which it was said or done, where we are in it no more when the network confirms that; undefined: it was between two, who have no requests for that. */
const leftRoom = ({ chat }: DurableIntent, { to, type, via }: Origin): Room | undefined =>
  type === 'groupchat' || via === 'iq' ? closedRoom(chat, bareOf(to)) : undefined;

/** Success. Returns what a repetition is to be told; undefined where repetitions need no answer. */
export function settled(
  face: FaceState,
  folded: Folded,
  key: DeliveryKey,
  intent: DurableIntent,
  origin: Origin,
  sent: SentFacts | undefined,
  out: Out,
): string | undefined {
  const room = face.rooms.get(intent.chat);
  if (intent.kind === 'send' || intent.kind === 'edit') {
    return sendSettled(face, room ?? leftRoom(intent, origin), key, intent, origin, sent, out);
  }
  if (intent.kind === 'react' || intent.kind === 'retract')
    deedSettled(face, room ?? leftRoom(intent, origin), key, intent, origin, out);
  if (intent.kind === 'contact') contactSettled(face, intent, origin, out);
  // Whom the owner declines is asked for anew should the owner subscribe after all.
  if (intent.kind === 'seen' && !intent.may) face.asked.delete(personId(intent.chat));
  if (intent.kind === 'nick') face.wishedNick = undefined;
  if (intent.kind === 'options' && room !== undefined) room.password = passwordSet(intent.change) ?? room.password;
  if (intent.kind === 'topic' && room !== undefined) topicSettled(face, folded, room, intent.text, out);
  if (intent.kind === 'leave' && room !== undefined) expel(face, room, { how: 'left', reason: intent.reason }, out);
  if (origin.via !== 'iq') return undefined;
  out.stanzas.push(iqResult(origin));
  return plainly;
}

function sendSettled(
  face: FaceState,
  room: Room | undefined,
  key: DeliveryKey,
  intent: Extract<DurableIntent, { kind: 'send' | 'edit' }>,
  origin: Origin,
  sent: SentFacts | undefined,
  out: Out,
): string | undefined {
  if (room !== undefined) reflect(face, room, key, sent, out);
  const sending = face.sendings.get(key);
  face.sendings.delete(key);
  if (room !== undefined) return sending?.reflected;
  rememberSent(face, intent, origin, sent, out);
  const stanza = receipt(face, origin);
  if (stanza !== undefined) out.stanzas.push(stanza);
  return plainly;
}

/** Something was done to a message: those in the room see it; in a conversation of two the sender's server has told its clients. */
function deedSettled(
  face: FaceState,
  room: Room | undefined,
  key: DeliveryKey,
  intent: Extract<DurableIntent, { kind: 'react' | 'retract' }>,
  origin: Origin,
  out: Out,
): void {
  // So much may have been said since it was tried that nothing else knows of that message.
  const known = face.refs.find(intent.chat, intent.target) ?? face.sendings.get(key)?.known;
  face.sendings.delete(key);
  if (room !== undefined) {
    if (intent.kind === 'react') reactionSettled(face, room, intent, origin, known, out);
    else retractionSettled(face, room, intent, origin, known, out);
    return;
  }
  directDeedSettled(face, intent, origin, known, out);
  const stanza = receipt(face, origin);
  if (stanza !== undefined) out.stanzas.push(stanza);
}

/** The network confirmed a topic without telling it: the clients are told all the same. */
function topicSettled(face: FaceState, { on }: Folded, room: Room, text: string, out: Out): void {
  if (room.topicAsked?.text !== text) return;
  const by = room.me === undefined ? {} : { by: room.me.person };
  on.room(
    face,
    room,
    { kind: 'room', chat: room.chat, change: { topic: text }, at: new Date(face.context.now()), ...by },
    out,
  );
}

/** Failure for good: the sender hears, as an error of what it sent. Nobody waits for a leave, or for what comes of having let somebody see them. */
export function failed(
  face: FaceState,
  key: DeliveryKey | undefined,
  intent: DurableIntent,
  origin: Origin,
  error: GatewayError,
  out: Out,
): void {
  const sending = key === undefined ? undefined : face.sendings.get(key);
  if (key !== undefined) face.sendings.delete(key);
  if (intent.kind === 'leave' || intent.kind === 'seen') return;
  if (intent.kind === 'join') cameOrWent(face, intent.chat, origin.from);
  if (intent.kind === 'contact') {
    contactRefused(origin, wordsOf(error, origin.lang, face.context.translate).text ?? error.code, out);
    return;
  }
  const room = face.rooms.get(intent.chat);
  if (intent.kind === 'topic' && room !== undefined) room.topicAsked = undefined;
  if (intent.kind === 'nick') face.wishedNick = undefined;
  if (sending?.gone !== undefined && room !== undefined) hearRetracted(face, room, sending.gone, out);
  const by = isRoomAddress(face, origin.to) ? bareOf(origin.to) : undefined;
  const from = intent.kind === 'nick' ? (room?.me?.jid ?? origin.to) : origin.to;
  const { elsewhere } = error.details;
  const uri = elsewhere === undefined ? undefined : joinUri(roomJid(face, elsewhere));
  const { translate } = face.context;
  out.stanzas.push(refusal(origin, error, by, from, { uri, translate }));
}

/** The sender alone is told again what `settled` said. */
export function toldAgain(face: FaceState, intent: DurableIntent, origin: Origin, result: string): readonly Outgoing[] {
  if (origin.via === 'iq') return [iqResult(origin)];
  if (intent.kind !== 'send' && intent.kind !== 'edit') return [];
  const isDirect = result === plainly;
  const room = face.rooms.get(intent.chat) ?? closedRoom(intent.chat, bareOf(origin.to));
  const stanza = isDirect ? receipt(face, origin) : reflectAgain(face, room, intent, origin, result);
  return stanza === undefined ? [] : [stanza];
}
