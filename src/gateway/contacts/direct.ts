/** Conversations of two (CHECKLIST MSG-01 to MSG-08, 184): the network's people write to the owner's bare JID, and a confirmed send earns its receipt. */
import type { Content } from '../../core/content.ts';
import type { MessageEvent } from '../../core/event.ts';
import { personId } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import { bareOf } from '../../core/jids.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { chatState } from '../../xmpp/xep/0085-chat-states.ts';
import { nickElement } from '../../xmpp/xep/0172-nick.ts';
import { replace } from '../../xmpp/xep/0308-correction.ts';
import { markable } from '../../xmpp/xep/0333-markers.ts';
import { encryption } from '../../xmpp/xep/0380-encryption.ts';
import type { Heard } from '../face.ts';
import { type Known, knownAs } from '../refs.ts';
import { stanzaIdElement } from '../rooms/archived.ts';
import { type EventOf, type FaceState, type IntentOf, meThen, type Out, silence } from '../rooms/feature.ts';
import type { SentFacts } from '../rooms/messages.ts';
import { isRequest, refuse } from '../rooms/origin.ts';
import { authorOf } from '../speakers.ts';
import { partnerOf } from '../talks.ts';
import { answeredBy } from '../text/answered.ts';
import { bodyOf, textOfContent } from '../text/body.ts';
import { clientJid, personJid } from './addresses.ts';
import { isKept, keepLine, rowOf } from './archived.ts';
import { wantsStates } from './deeds.ts';
import { tellOwn } from './own-messages.ts';
import { shownBetween } from './shown-between.ts';

/** A client without OTR can say what it is that it does not understand (XEP-0380 §3). */
const otrMark = encryption.write({ namespace: 'urn:xmpp:otr:0', name: 'OTR' });
const isOtr = ({ content }: { readonly content: Content<unknown> }): boolean =>
  content.text?.plain.startsWith('?OTR') === true;

/** One message from the contact; the server sees to devices, carbons and storage. Our own that were sent from here are not shown: their sender has them. */
export function tellDirect(face: FaceState, event: MessageEvent, out: Out): void {
  if (event.sentBy !== undefined) return;
  if (event.by === meThen(face)) {
    tellOwn(face, event, out);
    return;
  }
  if (event.history === true && face.refs.named(event.chat, event.ref) !== undefined) return;
  const body = shownBetween(face, event.chat, event.content);
  if (body === undefined) return;
  const delay =
    event.history === true
      ? xml`<delay xmlns='urn:xmpp:delay' from=${face.context.domain} stamp=${event.at.toISOString()}/>`
      : empty;
  const { chat } = event;
  const from = clientJid(face.context, personId(chat));
  const id = face.context.newId();
  const { typing, receipts } = face.session ?? {};
  // That the contact can tell of its state (085-04), and wants to know of ours (184-03).
  const state = typing === undefined || event.history === true ? empty : isActive;
  const marks = receipts === undefined ? empty : marked;
  const to = [partnerOf(face.context, chat)];
  const kept = isKept(face, chat) && !isOtr(event);
  // The contact's address is ours, and so is its archive; the user's own server gives another one of its own (359-03).
  const archived = kept ? stanzaIdElement(bareOf(from), id) : empty;
  const more = xml`${delay}${isOtr(event) ? otrMark : empty}${introduction(face, event)}${archived}`;
  out.stanzas.push({
    kind: 'message',
    type: 'chat',
    from,
    to,
    id,
    body: xml`${body}${state}${marks}${more}`,
    keep: true,
  });
  const { by, nick, content, ref, refs = [ref] } = event;
  const at = event.at.getTime();
  const facts = { by, nick, from, id, name: id, originId: undefined, isMine: false, at };
  face.refs.add(chat, knownAs({ ...facts, row: kept ? id : '', text: textOfContent(content) }, refs));
  if (!kept) return;
  const line = { row: id, id, at, by, nick: nick === '' ? by : nick, body: xml`${body}${marks}`, refs };
  keepLine(face, chat, line, event.history === true, out);
}

/** How many are remembered; then everybody is introduced anew. */
const introducedAtMost = 4096;

/** Who is in no contact list says once what they are called (172-01): the address alone is no name to show. */
function introduction(face: FaceState, { chat, nick }: MessageEvent): Xml {
  if (face.introduced.has(chat) || face.contacts.has(personId(chat))) return empty;
  if (face.introduced.size >= introducedAtMost) face.introduced.clear();
  face.introduced.set(chat, nick);
  return nickElement(nick);
}

const isActive = chatState('active');
const marked = markable.write({});

/**
 * The network has what a client wrote: it can be referred to from now on, by the name that its client gave it (359-04), and is kept where its sender does
 * not object (334-02).
 */
export function rememberSent(
  face: FaceState,
  intent: IntentOf<'send' | 'edit'>,
  { stanzaId, originId, from, states, unkept }: Origin,
  sent: SentFacts | undefined,
  out: Out,
): void {
  const { chat, content } = intent;
  if (states === true) wantsStates(face, chat);
  const author = authorOf(face.context, { from });
  const me = face.session?.me;
  const id = stanzaId ?? originId;
  if (sent?.refs === undefined || me === undefined) return;
  const { at, refs } = sent;
  const text = textOfContent(content);
  const first = intent.kind === 'edit' ? face.refs.find(chat, intent.target) : undefined;
  const isSecret = unkept === true || isOtr(intent);
  const row = isSecret || !isKept(face, chat) ? '' : face.context.newId();
  const body = row === '' ? undefined : ownBody(face, intent, first);
  if (first !== undefined) {
    first.text = text;
    first.refs.push(...refs);
  } else if (id !== undefined) {
    const facts = { by: me, nick: me, from, id, name: originId ?? id, row, originId, isMine: true, author, at, text };
    face.refs.add(chat, knownAs(facts, refs));
  }
  if (body === undefined) return;
  const edits = first === undefined ? {} : { kind: 'edit' as const, about: rowOf(first) };
  keepLine(face, chat, { row, id: id ?? row, at, nick: me, body, refs, author, ...edits }, false, out);
}

/** As the sender's clients have it. */
function ownBody(
  face: FaceState,
  { chat, content }: IntentOf<'send' | 'edit'>,
  first: Known | undefined,
): Xml | undefined {
  const { replyTo } = content;
  const answered = replyTo === undefined ? undefined : answeredBy(replyTo, face.refs.find(chat, replyTo));
  const body = bodyOf(content, answered);
  return body === undefined || first === undefined ? body : xml`${body}${replace.write({ id: first.id })}`;
}

/** They have another name: said once by the old one, with the address that reaches them now. */
export function tellMoved(face: FaceState, { chat, to, nick }: EventOf<'moved'>, out: Out): void {
  const now = personJid(face.context, personId(to));
  out.stanzas.push({
    kind: 'message',
    type: 'chat',
    from: clientJid(face.context, personId(chat)),
    to: [partnerOf(face.context, chat)],
    id: face.context.newId(),
    body: xml`<body>/me is called ${nick} now (${now})</body>`,
    keep: true,
  });
}

/** The network has what was said between two: the receipt, where one was asked for and the stanza can be named (184-01, 184-02). */
export function receipt(face: FaceState, origin: Origin): Outgoing | undefined {
  if (origin.receipt !== true || origin.stanzaId === undefined) return undefined;
  return {
    kind: 'message',
    type: 'chat',
    from: origin.to,
    to: [origin.from],
    id: face.context.newId(),
    body: xml`<received xmlns='urn:xmpp:receipts' id=${origin.stanzaId}/>`,
  };
}

/** Mail to a contact, a server or the gateway that nobody else answered: requests get an error, all else silence (GEN-01, GEN-07, GEN-08). */
export function hearDirect(stanza: Stanza): Heard {
  if (stanza.kind !== 'iq' || !isRequest(stanza)) return silence;
  return { stanzas: [refuse(stanza, 'not-available')] };
}
