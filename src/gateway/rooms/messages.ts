/** What is said in a room (XEP-0045 §7.4): other people's messages and the reflections of our own, once each to everybody, and into the archive. */
import { nameInFront } from '../../core/authors.ts';
import { type Content, plainText } from '../../core/content.ts';
import { GatewayError } from '../../core/errors.ts';
import type { MessageEvent } from '../../core/event.ts';
import type { DeliveryKey, MessageRef, PersonId, StanzaRef } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import { empty, join, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { OOB } from '../../xmpp/xep/0066-oob.ts';
import { replace } from '../../xmpp/xep/0308-correction.ts';
import { markable } from '../../xmpp/xep/0333-markers.ts';
import { STANZA_IDS } from '../../xmpp/xep/0359-stanza-ids.ts';
import { SPOILERS } from '../../xmpp/xep/0382-spoilers.ts';
import { FILE_SHARING } from '../../xmpp/xep/0447-file-sharing.ts';
import { REPLIES } from '../../xmpp/xep/0461-replies.ts';
import { personJid } from '../contacts/addresses.ts';
import type { Known } from '../refs.ts';
import { authorOf } from '../speakers.ts';
import { answeredBy, answeredFrom, isStanzaRef, quotingUnknown } from '../text/answered.ts';
import { bodyOf, textOfContent } from '../text/body.ts';
import { hashing } from '../text/files.ts';
import { type AddressOf, namesSomebody } from '../text/mentions.ts';
import { keep, stanzaIdElement } from './archived.ts';
import type { FaceState, IntentOf, Out, RoomFeature, Sending } from './feature.ts';
import { wasIn } from './leavers.ts';
import { occupantIdElement, occupantIdOf, tellIfRenewed } from './occupants.ts';
import type { Room } from './room.ts';
import { knownLine, type Line, lineBody, rememberLine, say, speakerOf } from './speaking.ts';
import { leading } from './venue.ts';

/** What was sent and comes back as a message: something new, or something in the place of what was said before. */
type Said = IntentOf<'send'> | IntentOf<'edit'>;

/** How a message that the network names is found. */
type Named = (ref: MessageRef) => Known | undefined;

/** The content as the room's clients see it, with the reply that it is, named as they know it. @param named absent: as the face knows it */
export function shownIn(
  face: FaceState,
  room: Room,
  said: Content<MessageRef | StanzaRef>,
  named?: Named,
): Xml | undefined {
  const content = leading(face, room.chat, nameInFront(said));
  const { replyTo } = content;
  const addressOf = namesSomebody(content.text) ? addressIn(face, room) : undefined;
  if (replyTo === undefined) return bodyOf(content, undefined, addressOf);
  if (isStanzaRef(replyTo)) return bodyOf(content, answeredBy(replyTo, face.refs.find(room.chat, replyTo)), addressOf);
  const meant = named === undefined ? face.refs.named(room.chat, replyTo) : named(replyTo);
  const asked = meant === undefined ? quotingUnknown(content) : content;
  return bodyOf(asked, answeredFrom(meant), addressOf);
}

/** Of whoever is in it the occupant's, of others the contact's (372-01). */
const addressIn =
  ({ context }: FaceState, { people }: Room): AddressOf =>
  (person) =>
    people.of(person)?.jid ?? personJid(context, person);

/** `<replace/>` names the first version by its `id` (308-02). */
const replacing = (face: FaceState, { chat, target }: IntentOf<'edit'>): Xml =>
  replace.write({ id: face.refs.find(chat, target)?.id ?? target.stanzaId });

/** All that a line of our own holds but its ids. */
function ownBody(face: FaceState, room: Room, intent: Said, content: Content<StanzaRef>): Xml | undefined {
  const body = shownIn(face, room, content);
  return body === undefined || intent.kind === 'send' ? body : xml`${body}${replacing(face, intent)}`;
}

const marked = markable.write({});

/** Clients are asked to tell what was read where the network wants to know (184-03). */
const mayBeMarked = (face: FaceState, body: Xml): Xml =>
  face.session?.receipts === undefined ? body : xml`${body}${marked}`;

function hear(face: FaceState, room: Room, event: MessageEvent, out: Out): void {
  const sending = event.sentBy === undefined ? undefined : face.sendings.get(event.sentBy);
  if (sending !== undefined) {
    hearOwn(face, room, event, sending, out);
    return;
  }
  // Servers play back at every join what was said before it.
  if (event.history === true && face.refs.named(room.chat, event.ref) !== undefined) return;
  const line = lineOf(face, room, event);
  if (line === undefined) return;
  tellIfRenewed(face, room, event.by, out);
  say(face, room, line, out);
  rememberLine(face, room, line, textOfContent(event.content), undefined, line.refs);
}

type Spoken = Line & { readonly by: PersonId; readonly refs: readonly MessageRef[] };

/** What somebody said as a line of the room; undefined where it shows nothing. */
function lineOf(face: FaceState, room: Room, event: MessageEvent, named?: Named): Spoken | undefined {
  const shown = shownIn(face, room, event.content, named);
  if (shown === undefined) return undefined;
  const stanzaId = face.context.newId();
  const speaker = speakerOf(face, room, event.by, event.nick);
  return {
    stanzaId,
    id: stanzaId,
    nick: event.nick,
    from: speaker.from,
    at: event.at.getTime(),
    body: lineBody(mayBeMarked(face, shown), speaker.id, undefined),
    history: event.history === true,
    refs: refsOf(event),
    by: event.by,
  };
}

/** From the network's own past, for the archive alone: nobody is told. @param past what was recalled before it, which it may answer */
export function recall(face: FaceState, room: Room, event: MessageEvent, past: Past, out: Out): void {
  const line = lineOf(face, room, event, (ref) => face.refs.named(room.chat, ref) ?? past.get(ref.id));
  if (line === undefined) return;
  keep(face, room, line, line.at, out);
  const known = knownLine(room, line, textOfContent(event.content), undefined, line.refs);
  for (const { id } of line.refs) past.set(id, known);
}

/** By the network's names. */
export type Past = Map<MessageRef['id'], Known>;

const refsOf = ({ ref, refs }: MessageEvent): readonly MessageRef[] => refs ?? [ref];

/** Our own words, told by the network at their place in the order. What stands in for something else is told when that is done. */
function hearOwn(face: FaceState, room: Room, event: MessageEvent, sending: Sending, out: Out): void {
  const { intent, standsIn } = sending;
  if (sending.reflected !== undefined || (intent.kind !== 'send' && intent.kind !== 'edit')) return;
  const { replyTo, ...told } = event.content;
  const content = standsIn || replyTo !== undefined ? intent.content : told;
  const body = ownBody(face, room, intent, content);
  if (body === undefined) return;
  const speaker = speakerOf(face, room, event.by, event.nick);
  const at = event.at.getTime();
  reflected(face, room, sending, { ...speaker, by: event.by, at, body, content, refs: refsOf(event) }, out);
}

/** What becomes the reflection. */
interface Reflection extends Pick<Line, 'nick' | 'from' | 'at' | 'body'> {
  readonly by: MessageEvent['by'];
  /** The speaker's `<occupant-id/>`. */
  readonly id: Xml;
  readonly content: Content<unknown>;
  readonly refs: readonly MessageRef[];
}

function reflected(face: FaceState, room: Room, sending: Sending, reflection: Reflection, out: Out): void {
  const { intent, origin } = sending;
  const { by, nick, from, at, body, content, refs } = reflection;
  const stanzaId = face.context.newId();
  const whole = lineBody(body, reflection.id, origin.originId);
  const id = origin.stanzaId ?? stanzaId;
  const author = intent.kind === 'send' ? authorOf(face.context, origin) : undefined;
  const unkept = origin.unkept === true;
  const line = { stanzaId, id, nick, from, at, body: whole, history: false, refs, by, author, unkept };
  // Those for whom the account speaks are quoted and answered as themselves, however the network had to be told who they are.
  const meant = intent.kind === 'send' || intent.kind === 'edit' ? intent.content : content;
  const text = textOfContent(meant.author === undefined ? content : meant);
  const first = intent.kind === 'edit' ? (face.refs.find(room.chat, intent.target) ?? sending.known) : undefined;
  say(face, room, intent.kind === 'edit' ? { ...line, kind: 'edit', about: first?.name } : line, out);
  const own = meant.author === undefined ? line : { ...line, nick: meant.author.nick };
  if (first === undefined) sending.known = rememberLine(face, room, own, text, origin.originId, refs);
  else {
    first.text = text;
    first.refs.push(...refs);
    sending.known = first;
  }
  sending.reflected = receiptOf(stanzaId, nick, content, sending);
}

/** What a repetition of the stanza is to be told: stanza-id, nick and, where the network altered it, the text. */
function receiptOf(stanzaId: string, nick: string, content: Content<unknown>, { intent }: Sending): string {
  const text = textOfContent(content);
  const isSaid = (intent.kind === 'send' || intent.kind === 'edit') && intent.content !== content;
  const meant = isSaid ? textOfContent(intent.content) : text;
  return JSON.stringify(text === meant ? [stanzaId, nick] : [stanzaId, nick, text]);
}

/** The network altered the text, which then stands for the whole: addresses of files are in it. */
function reallySent({ files, replyTo, ...rest }: Content<unknown>, text: string): Content<never> {
  return { ...rest, text: plainText(text) };
}

/** How a send went, as the session told it. */
export interface SentFacts {
  readonly at: number;
  readonly text?: string;
  readonly refs?: readonly MessageRef[];
}

/** The network has it. Where no event said so it is reflected now (45-41); where one did, its further parts are known from now on. */
export function reflect(face: FaceState, room: Room, key: DeliveryKey, sent: SentFacts | undefined, out: Out): void {
  const sending = face.sendings.get(key);
  const by = room.me?.person ?? face.session?.me;
  if (sending?.reflected !== undefined) addRefs(sending, sent);
  if (sending === undefined || sending.reflected !== undefined || by === undefined) return;
  const { intent } = sending;
  if (intent.kind !== 'send' && intent.kind !== 'edit') return;
  const altered = sending.standsIn ? undefined : sent?.text;
  const content = altered === undefined ? intent.content : reallySent(intent.content, altered);
  const body = ownBody(face, room, intent, content);
  if (body === undefined) return;
  const at = sent?.at ?? face.context.now();
  const refs = sent?.refs ?? [];
  reflected(face, room, sending, { ...speakerOf(face, room, by), by, at, body, content, refs }, out);
}

function addRefs({ known }: Sending, sent: SentFacts | undefined): void {
  if (known === undefined) return;
  for (const ref of sent?.refs ?? []) {
    if (!known.refs.some(({ id, part }) => id === ref.id && part === ref.part)) known.refs.push(ref);
  }
}

/** The reflection once more, for its sender alone; undefined where `told` is nothing of ours. */
export function reflectAgain(
  face: FaceState,
  room: Room,
  intent: Said,
  origin: Origin,
  told: string,
): Outgoing | undefined {
  const [stanzaId, nick, text] = parseReceipt(told);
  if (stanzaId === undefined || nick === undefined) return undefined;
  const content: Content<StanzaRef> = text === undefined ? intent.content : { text: plainText(text) };
  const identity = face.context.account.owner;
  const speaker = room.me === undefined ? undefined : occupantIdOf(face, room, room.me);
  const whole = lineBody(
    ownBody(face, room, intent, content) ?? empty,
    speaker ?? occupantIdElement(face.context.occupantId(room.jid, identity)),
    origin.originId,
  );
  return {
    kind: 'message',
    type: 'groupchat',
    from: `${room.jid}/${nick}`,
    to: [origin.from],
    id: origin.stanzaId ?? stanzaId,
    body: join([whole, stanzaIdElement(room.jid, stanzaId)]),
    keep: true,
  };
}

function parseReceipt(told: string): readonly (string | undefined)[] {
  try {
    const parsed: unknown = JSON.parse(told);
    return Array.isArray(parsed) ? parsed.map((part) => (typeof part === 'string' ? part : undefined)) : [];
  } catch {
    return [];
  }
}

/** Only who is in may speak, privately too (45-44, 45-46), or who was in when they spoke; after a restart what is said waits until we are in on the network as well. */
export const messages: RoomFeature = {
  namespaces: [STANZA_IDS, SPOILERS, OOB, FILE_SHARING, ...hashing],
  /** Answers are the network's own only where it can name what is answered; elsewhere they are said in words. */
  features: ({ session }) => (session?.replies === undefined ? [] : [REPLIES]),
  on: { message: hear },
  checks(face, room, intent, origin) {
    if (intent.kind === 'join' || intent.kind === 'leave' || room === undefined) return;
    if (!room.clients.has(origin.from) && !wasIn(face, room.chat, origin)) {
      throw new GatewayError('not-in-room', { text: 'You are not in this room' });
    }
    if (!room.joined) throw new GatewayError('network-away', { text: 'The room is being entered again' });
    if ('privately' in intent && intent.privately !== undefined && room.people.called(intent.privately) === undefined) {
      throw new GatewayError('no-such-person', { text: `Nobody here is called ${intent.privately}` });
    }
  },
};
