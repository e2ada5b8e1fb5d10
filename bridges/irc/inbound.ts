/** What is said: PRIVMSG, NOTICE and ACTION as message events. The hottest path of the bridge. */
import {
  type ChatId,
  type Content,
  chatId,
  ifMade,
  type MessageEvent,
  type MessageRef,
  messageId,
  type PersonId,
  plainText,
  type RichText,
  rememberingLast,
} from '#bridge';
import { addressOf } from './addressed.ts';
import { type Channel, isTold } from './channel.ts';
import { type Core, isMe, personOf } from './core.ts';
import { answerCtcp, offerIn } from './ctcp-answers.ts';
import { atOf, isBeginning, isChannelHere, isFromServer } from './line-facts.ts';
import { hasHistory, localId } from './message-caps.ts';
import { isNick } from './names.ts';
import { behind } from './notices.ts';
import { readCtcp } from './wire/ctcp.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';

const ctcpMark = 1;

/** What is said without more, of which one is made for all who hear it. */
const formatted = rememberingLast((text: string): Content => ({ text: readFormat(text) }));

/** Whom one talks with to get something done: what they say is a conversation from the first word on. */
const services = /serv$|^[QXL]$|^\*[a-z]+$/i;
/** What they say is for everybody, and nobody answers them. */
const announcers = /^(?:Global|OperServ)$/i;

/** PRIVMSG: to a channel, to us, or our own coming back. */
export function onPrivmsg(core: Core, line: Line): void {
  const target = line.params[0] ?? '';
  const by = personOf(core, line.nick);
  if (by === core.self && isOurs(core, line, target)) return;
  if (isFromServer(line)) core.notices.from(line.nick, line.params[1] ?? '');
  else hear(core, line, target, by, false);
}

/** NOTICE: of a person a message marked as such, of a server or a service something for the account's owner. Never answered. */
export function onNotice(core: Core, line: Line): void {
  const target = line.params[0] ?? '';
  const text = line.params[1] ?? '';
  if (text.charCodeAt(0) === ctcpMark) {
    core.ctcp.answered(line);
    return;
  }
  if (isMe(core, line.nick) && !isMe(core, target)) return;
  if (isFromServer(line)) hearServer(core, line, target, text);
  else if (services.test(line.nick) && isAboutRoom(core, line)) return;
  else if (channelOf(core, target) !== '' || isConversation(core, line.nick) || contextOf(core, line) !== undefined)
    hear(core, line, target, personOf(core, line.nick), true);
  else core.notices.from(line.nick, text);
}

/** What every server says while it lets somebody in: that it looks up names, and what to type if it takes too long. Each would be a message on somebody's phone. */
const greeting =
  /^\*\*\* (?:if you are having problems|looking up|checking|found|no ident|couldn't|could not|got|ident |processing)/i;

/**
 * What servers say instead of a numeric of a message that they drop: ratbox and its kin (Solanum, ircd-hybrid, OFTC's) as too much is said to somebody or
 * somewhere, UnrealIRCd and older InspIRCds as a filter does not like what is said to somebody.
 */
const dropped = /^(?:\*\*\* )?((?:M|Your m)essage to (\S+) (?:throttled due to flooding|((?:was )?blocked\b.*)))/;

function isRefusal(core: Core, line: Line, text: string): boolean {
  const [, words = '', name = '', isFiltered] = dropped.exec(text) ?? [];
  const command = isFiltered === undefined ? '707' : '404';
  return name !== '' && core.receipts.refused({ ...line, command, params: [core.nick, name, words] }, undefined);
}

/** To a channel it is a remark there: that somebody knocks, say, where the server has no numeric for it. */
function hearServer(core: Core, line: Line, target: string, text: string): void {
  if (isRefusal(core, line, text)) return;
  if (!core.ready && greeting.test(text)) return;
  const channel = core.channels.get(core.fold(channelOf(core, target)));
  if (channel === undefined || !isTold(channel)) {
    if (core.ready && !isBeginning(core)) core.notices.from('', text);
    else core.notices.greeting(text);
  } else core.emit({ kind: 'remark', at: atOf(core, line), chat: channel.chat, text: readFormat(text) });
}

/** "[#channel] Welcome": what services say to us alone about a channel is shown in it. */
function isAboutRoom(core: Core, line: Line): boolean {
  const [, name = '', text = ''] = /^\[([^\] ,]+)\] (.+)$/.exec(line.params[1] ?? '') ?? [];
  const channel = core.channels.get(core.fold(name));
  if (channel === undefined || !channel.asked || channel.listing) return false;
  core.emit({
    kind: 'message',
    at: atOf(core, line),
    chat: channel.chat,
    by: personOf(core, line.nick),
    nick: line.nick,
    ref: { id: messageId(core.newId()), part: 0 },
    content: { text: readFormat(text) },
    notice: true,
  });
  return true;
}

/** Do somebody's notices belong into a conversation with them? Strangers' do not: they are not meant to be answered. */
function isConversation(core: Core, nick: string): boolean {
  if (core.conversations.hasWritten(core.fold(nick))) return true;
  return services.test(nick) && !announcers.test(nick);
}

/**
 * Our own words coming back: the receipt of a send, or what our owner says with another client of the same bouncer. What we say to ourselves comes twice,
 * the second time as said to us.
 */
function isOurs(core: Core, line: Line, target: string): boolean {
  if (line.host !== '') {
    core.user = line.user;
    core.host = line.host;
  }
  const label = core.batches.labelOf(line);
  // A question of ours by CTCP comes back too; only "/me" was a message.
  const text = line.params[1] ?? '';
  const echo =
    core.link?.has('echo-message') === true &&
    (text.charCodeAt(0) !== ctcpMark || text.startsWith('\x01ACTION')) &&
    core.receipts.echoed(line, core.fold(target), label, atOf(core, line).getTime());
  if (echo) return true;
  if (isMe(core, target)) return false;
  hearElsewhere(core, line, target, text);
  return true;
}

/** By how much the server's clock may be behind ours for its lines to be new. */
export const freshMs = 60_000;

/** Shown as our own (CHECKLIST 12.3). Not what is for services: those are passwords as often as not, and some of it we have sent ourselves; nor what is for some of a channel. */
function hearElsewhere(core: Core, line: Line, target: string, text: string): void {
  if (text.charCodeAt(0) === ctcpMark && !text.startsWith('\x01ACTION')) return;
  const inChannel = isChannelHere(core, target);
  const isForSome = !inChannel && channelOf(core, target) !== '';
  if (isForSome || (!inChannel && (!isNick(target) || services.test(target) || announcers.test(target)))) return;
  // A bouncer without batches plays its buffer back line by line: what is old was said before, from here most often.
  if (atOf(core, line).getTime() < core.clock.now() - freshMs) return;
  const place = placeOf(core, inChannel ? core.self : personOf(core, target), target);
  if (place === undefined) return;
  const event = messageOf(core, line, { ...place, by: core.self }, false);
  if (event === undefined) return;
  if (place.direct) core.conversations.wrote(core.fold(target));
  core.emit(event);
}

/** The channel that a target names, without the rank of STATUSMSG in front; empty: it names a person. */
export function channelOf(core: Core, target: string): string {
  if (isChannelHere(core, target)) return target;
  const { statusMsg } = core.support;
  if (statusMsg === '' || !statusMsg.includes(target.charAt(0))) return '';
  return isChannelHere(core, target.slice(1)) ? target.slice(1) : '';
}

/** Where something is said or done, and by whom. */
export interface Place {
  readonly chat: ChatId;
  readonly by: PersonId;
  readonly direct: boolean;
}

/** undefined: in a channel that nobody of ours asked for. @param by who says it */
export function placeOf(core: Core, by: PersonId, target: string): Place | undefined {
  const name = channelOf(core, target);
  if (name === '') {
    const person = addressOf(core, by);
    return { chat: chatId(person), by: person, direct: true };
  }
  const channel = core.channels.get(core.fold(name));
  return channel?.asked === true ? { chat: channel.chat, by, direct: false } : undefined;
}

/** The message that a line answers; undefined: none. */
export function replyTagOf({ tags }: Line): MessageRef | undefined {
  const id = tags?.get('+draft/reply') ?? tags?.get('+reply');
  return id === undefined || id === '' ? undefined : { id: messageId(id), part: 0 };
}

function hear(core: Core, line: Line, target: string, by: PersonId, notice: boolean): void {
  const place = placeOf(core, by, target);
  if (place === undefined) return;
  const context = place.direct ? contextOf(core, line) : undefined;
  if (context !== undefined) {
    const said = messageOf(core, line, { chat: context.chat, by, direct: false }, notice);
    if (said !== undefined) core.emit(forSome(said, target));
    return;
  }
  const said = messageOf(core, line, place, notice);
  if (said === undefined) return;
  const event = place.direct || isChannelHere(core, target) ? said : forSome(said, target);
  if (place.direct) {
    core.conversations.heard(by);
    core.lastSaid.put(by, { ref: event.ref, at: event.at.getTime() });
  }
  ifMade(core, 'typing')?.spoke(place.chat, place.by);
  if (core.gapTurns.waiting > 0) core.gapTurns.hurry(core.fold(channelOf(core, target)));
  if (core.wantedPast.size > 0 && line.tags?.has('time') === true) isLive(core, target, event.at);
  core.emit(event);
}

/** The channel in which it is to be read, though it is said to us alone (`+channel-context`): one that whoever says it is in, too, or anybody could speak in any. */
function contextOf(core: Core, { tags, nick }: Line): Channel | undefined {
  const name = tags?.get('+channel-context') ?? tags?.get('+draft/channel-context');
  const channel = name === undefined ? undefined : core.channels.get(core.fold(name));
  return channel !== undefined && isTold(channel) && channel.members.has(personOf(core, nick)) ? channel : undefined;
}

/** A bouncer does not say when it let us into a channel of its own: from here on all that is said there comes to us. */
function isLive(core: Core, target: string, at: Date): void {
  const channel = core.channels.get(core.fold(channelOf(core, target)));
  if (channel !== undefined) channel.since ??= at.getTime();
}

/** Said in a channel to those of a rank, or to us, alone: an answer there would be heard by all. */
function forSome(event: MessageEvent, target: string): MessageEvent {
  const text = toSome(target, event.content.text ?? plainText(''));
  return { ...event, content: { ...event.content, text } };
}

/** The text with whom it is for in front. @param target as STATUSMSG has it, "@#channel", or a nick */
export const toSome = (target: string, text: RichText): RichText => behind(`[${target}] `, text);

/** The event that a PRIVMSG or NOTICE is; undefined: it shows nothing. @param past from the server's own history: nothing in it is answered */
export function messageOf(
  core: Core,
  line: Line,
  place: Place,
  notice: boolean,
  past = false,
): MessageEvent | undefined {
  const content = contentOf(core, line, place, notice || past);
  if (content === undefined) return undefined;
  const { chat, by, direct } = place;
  const id = line.tags?.get('msgid');
  const isNamed = id !== undefined && id !== '';
  const ref = { id: isNamed ? messageId(id) : localId(core), part: 0 };
  const nick = line.nick;
  const at = atOf(core, line);
  const unnamed = !isNamed && (past || hasHistory(core));
  if (!direct && !notice && !past && !unnamed) return { kind: 'message', at, chat, by, nick, ref, content };
  const how = {
    ...(direct && { direct: true }),
    ...(notice && { notice: true }),
    ...(past && { history: true }),
    ...(unnamed && { unnamed: true }),
  };
  return { kind: 'message', at, chat, by, nick, ref, content, ...how };
}

/** undefined: nothing to show. */
function contentOf(core: Core, line: Line, { chat, by, direct }: Place, notice: boolean): Content | undefined {
  const text = line.params[1] ?? '';
  if (text.charCodeAt(0) !== ctcpMark) return text === '' ? undefined : answering(line, formatted(text));
  const ctcp = readCtcp(text);
  if (ctcp?.command === 'ACTION') return answering(line, { text: readFormat(ctcp.text), action: true });
  if (ctcp === undefined || notice) return undefined;
  const offer = direct ? offerIn(ctcp) : undefined;
  if (offer !== undefined) return { text: plainText(offer), action: true };
  answerCtcp(core, line.nick, ctcp, direct ? { person: by } : { person: by, chat });
  return undefined;
}

function answering(line: Line, content: Content): Content {
  const replyTo = line.tags === undefined ? undefined : replyTagOf(line);
  return replyTo === undefined ? content : { ...content, replyTo };
}

/** 301: somebody whom our owner wrote to is away; told in the conversation, now and then. */
export function tellAway(core: Core, line: Line): void {
  const [, nick = ''] = line.params;
  const by = personOf(core, nick);
  if (!core.conversations.tellsAway(by)) return;
  const { plain } = readFormat(line.params.at(-1) ?? '');
  const person = addressOf(core, by);
  core.emit({
    kind: 'message',
    at: atOf(core, line),
    chat: chatId(person),
    by: person,
    nick,
    ref: { id: localId(core), part: 0 },
    content: { text: plainText(plain === '' ? 'is away' : `is away: ${plain}`), action: true },
    direct: true,
    notice: true,
  });
}
