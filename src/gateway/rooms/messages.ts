/** What is said in a room (XEP-0045 §7.4): other people's messages and the reflections of our own, once each to everybody, and into the archive. */
import { type Content, plainText } from '../../core/content.ts';
import { GatewayError } from '../../core/errors.ts';
import type { MessageEvent } from '../../core/event.ts';
import type { DeliveryKey } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import { empty, join, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { STANZA_IDS } from '../../xmpp/xep/0359-stanza-ids.ts';
import { bodyOf, textOfContent } from '../text/body.ts';
import type { FaceState, IntentOf, Out, RoomFeature, Sending } from './feature.ts';
import { delayOf } from './history.ts';
import { remember } from './joining.ts';
import { occupantIdElement, occupantIdOf } from './occupants.ts';
import type { Occupant, Room } from './room.ts';

/** A message of the room, ready to be told and kept. */
interface Line {
  readonly stanzaId: string;
  readonly id: string;
  readonly nick: string;
  readonly from: string;
  readonly at: number;
  readonly body: Xml;
  readonly history: boolean;
}

/** To everybody who is in, to those who are being let in when they are, and to the archive. */
function say(face: FaceState, room: Room, line: Line, out: Out): void {
  const { stanzaId, id, nick, from, at, body, history } = line;
  if (room.everybody.length > 0) {
    const shown = history ? join([body, delayOf(room, at)]) : body;
    out.stanzas.push({ kind: 'message', type: 'groupchat', from, to: room.everybody, id, body: shown, keep: true });
  }
  if (room.entering.size > 0) remember(room, { stanzaId, id, from, at, body, history });
  out.archive.push({
    account: face.context.account.id,
    chat: room.chat,
    id: stanzaId,
    at,
    nick,
    body: body.text,
    stanza: id,
  });
}

/** The id of who spoke: an occupant's is kept, a stranger's made for this one message. */
function speakerId(face: FaceState, room: Room, speaker: Occupant | undefined, event: MessageEvent): Xml {
  if (speaker !== undefined) return occupantIdOf(face, room, speaker);
  const identity = event.by === face.session?.me ? face.context.account.owner : event.by;
  return occupantIdElement(face.context.occupantId(room.jid, identity));
}

/** `<stanza-id/>` is always ours (45-40). */
function lineBody(room: Room, body: Xml, speaker: Xml, stanzaId: string, originId: string | undefined): Xml {
  const origin = originId === undefined ? empty : xml`<origin-id xmlns='urn:xmpp:sid:0' id=${originId}/>`;
  return xml`${body}${origin}${speaker}<stanza-id xmlns='urn:xmpp:sid:0' by=${room.jid} id=${stanzaId}/>`;
}

function hear(face: FaceState, room: Room, event: MessageEvent, out: Out): void {
  const sending = event.sentBy === undefined ? undefined : face.sendings.get(event.sentBy);
  if (sending !== undefined && sending.reflected !== undefined) return;
  const body = bodyOf(event.content);
  if (body === undefined) return;
  const speaker = room.occupants.get(event.by);
  const stanzaId = face.context.newId();
  say(
    face,
    room,
    {
      stanzaId,
      id: sending?.origin.stanzaId ?? stanzaId,
      nick: event.nick,
      from: speaker?.nick === event.nick ? speaker.jid : `${room.jid}/${event.nick}`,
      at: event.at.getTime(),
      body: lineBody(room, body, speakerId(face, room, speaker, event), stanzaId, sending?.origin.originId),
      history: event.history === true,
    },
    out,
  );
  if (sending !== undefined) sending.reflected = receiptOf(stanzaId, event.nick, event.content, sending);
}

/** What a repetition of the stanza is to be told: stanza-id, nick and, where the network altered it, the text. */
function receiptOf(stanzaId: string, nick: string, content: Content<unknown>, { intent }: Sending): string {
  const text = textOfContent(content);
  const said = text === textOfContent(intent.content) ? [stanzaId, nick] : [stanzaId, nick, text];
  return JSON.stringify(said);
}

/** The network altered the text, which then stands for the whole: addresses of files are in it. */
function reallySent({ files, replyTo, ...rest }: Content<unknown>, text: string): Content<never> {
  return { ...rest, text: plainText(text) };
}

/** The network has it, and no event said so: reflected now (45-41). */
export function reflect(
  face: FaceState,
  room: Room,
  key: DeliveryKey,
  sent: { readonly at: number; readonly text?: string } | undefined,
  out: Out,
): void {
  const sending = face.sendings.get(key);
  const { me } = room;
  if (sending === undefined || sending.reflected !== undefined || me === undefined) return;
  const { intent, origin } = sending;
  const content = sent?.text === undefined ? intent.content : reallySent(intent.content, sent.text);
  const body = bodyOf(content);
  if (body === undefined) return;
  const stanzaId = face.context.newId();
  const id = origin.stanzaId ?? stanzaId;
  const at = sent?.at ?? face.context.now();
  const whole = lineBody(room, body, occupantIdOf(face, room, me), stanzaId, origin.originId);
  say(face, room, { stanzaId, id, nick: me.nick, from: me.jid, at, body: whole, history: false }, out);
  sending.reflected = receiptOf(stanzaId, me.nick, content, sending);
}

/** The reflection once more, for its sender alone; undefined where `told` is nothing of ours. */
export function reflectAgain(
  face: FaceState,
  room: Room,
  intent: IntentOf<'send'>,
  origin: Origin,
  told: string,
): Outgoing | undefined {
  const [stanzaId, nick, text] = parseReceipt(told);
  if (stanzaId === undefined || nick === undefined) return undefined;
  const content = text === undefined ? intent.content : { text: plainText(text) };
  const identity = face.context.account.owner;
  const speaker = room.me === undefined ? undefined : occupantIdOf(face, room, room.me);
  const whole = lineBody(
    room,
    bodyOf(content) ?? empty,
    speaker ?? occupantIdElement(face.context.occupantId(room.jid, identity)),
    stanzaId,
    origin.originId,
  );
  return {
    kind: 'message',
    type: 'groupchat',
    from: `${room.jid}/${nick}`,
    to: [origin.from],
    id: origin.stanzaId ?? stanzaId,
    body: whole,
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

/** Only who is in may speak, privately too (45-44, 45-46); after a restart what is said waits until we are in on the network as well. */
export const messages: RoomFeature = {
  namespaces: [STANZA_IDS],
  on: { message: hear },
  checks(_, room, intent, origin) {
    if (intent.kind === 'join' || intent.kind === 'leave' || room === undefined) return;
    if (!room.clients.has(origin.from)) {
      throw new GatewayError('not-in-room', { text: 'You are not in this room' });
    }
    if (!room.joined) throw new GatewayError('network-away', { text: 'The room is being entered again' });
    if (intent.kind === 'send' && intent.privately !== undefined && !room.nicks.has(intent.privately)) {
      throw new GatewayError('no-such-person', { text: `Nobody here is called ${intent.privately}` });
    }
  },
};
