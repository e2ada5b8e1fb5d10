/** What is said: PRIVMSG, NOTICE and ACTION as message events. The hottest path of the bridge. */
import {
  type ChatId,
  type Content,
  chatId,
  type MessageEvent,
  type MessageRef,
  messageId,
  type PersonId,
} from '#bridge';
import { type Core, isMe, personOf } from './core.ts';
import { answerCtcp } from './ctcp-answers.ts';
import { atOf, isChannelHere, isFromServer } from './line-facts.ts';
import { localId } from './message-caps.ts';
import { readCtcp } from './wire/ctcp.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';

const ctcpMark = 1;

/** Those that speak for the network rather than for themselves. */
const services = /serv$|^(?:Q|X|L|Global|SaslServ|\*status)$/i;

/** PRIVMSG: to a channel, to us, or our own coming back. */
export function onPrivmsg(core: Core, line: Line): void {
  const target = line.params[0] ?? '';
  if (isOurs(core, line, target)) return;
  if (isFromServer(line)) core.notices.from(line.nick, line.params[1] ?? '');
  else hear(core, line, target, false);
}

/** NOTICE: of a person a message marked as such, of a server or a service something for the account's owner. Never answered. */
export function onNotice(core: Core, line: Line): void {
  const target = line.params[0] ?? '';
  const text = line.params[1] ?? '';
  if (isOurs(core, line, target) || text.charCodeAt(0) === ctcpMark) return;
  const inChannel = channelOf(core, target) !== '';
  if (inChannel && !isFromServer(line)) hear(core, line, target, true);
  else if (isFromServer(line)) core.notices.from('', text);
  else if (services.test(line.nick) && !core.spokenTo.has(core.fold(line.nick))) core.notices.from(line.nick, text);
  else hear(core, line, target, true);
}

/** Our own words coming back: the receipt of a send, or of nothing that we know. What we say to ourselves comes twice, the second time as said to us. */
function isOurs(core: Core, line: Line, target: string): boolean {
  if (!isMe(core, line.nick)) return false;
  if (line.host !== '') {
    core.user = line.user;
    core.host = line.host;
  }
  const label = core.labelOf(line);
  const echo =
    core.link?.has('echo-message') === true &&
    core.receipts.echoed(line, core.fold(target), label, atOf(core, line).getTime());
  return echo || !isMe(core, target);
}

/** The channel that a target names, without the rank of STATUSMSG in front; empty: it names a person. */
function channelOf(core: Core, target: string): string {
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

/** undefined: in a channel that nobody of ours asked for. @param nick of who says it */
export function placeOf(core: Core, nick: string, target: string): Place | undefined {
  const name = channelOf(core, target);
  const by = personOf(core, nick);
  if (name === '') return { chat: chatId(by), by, direct: true };
  const channel = core.channels.get(core.fold(name));
  return channel?.asked === true ? { chat: channel.chat, by, direct: false } : undefined;
}

/** The message that a line answers; undefined: none. */
export function replyTagOf({ tags }: Line): MessageRef | undefined {
  const id = tags?.get('+draft/reply') ?? tags?.get('+reply');
  return id === undefined || id === '' ? undefined : { id: messageId(id), part: 0 };
}

function hear(core: Core, line: Line, target: string, notice: boolean): void {
  const place = placeOf(core, line.nick, target);
  if (place === undefined) return;
  const event = messageOf(core, line, place, notice);
  if (event === undefined) return;
  core.typing.spoke(place.chat, place.by);
  core.emit(event);
}

/** The event that a PRIVMSG or NOTICE is; undefined: it shows nothing. @param past from the server's own history: nothing in it is answered */
export function messageOf(
  core: Core,
  line: Line,
  place: Place,
  notice: boolean,
  past = false,
): MessageEvent | undefined {
  const content = contentOf(core, line, notice || past);
  if (content === undefined) return undefined;
  const { chat, by, direct } = place;
  const id = line.tags?.get('msgid');
  const ref = { id: id === undefined || id === '' ? localId(core) : messageId(id), part: 0 };
  const nick = line.nick;
  const at = atOf(core, line);
  if (!direct && !notice && !past) return { kind: 'message', at, chat, by, nick, ref, content };
  const how = { ...(direct && { direct: true }), ...(notice && { notice: true }), ...(past && { history: true }) };
  return { kind: 'message', at, chat, by, nick, ref, content, ...how };
}

/** undefined: nothing to show. */
function contentOf(core: Core, line: Line, notice: boolean): Content | undefined {
  const text = line.params[1] ?? '';
  if (text.charCodeAt(0) !== ctcpMark) return text === '' ? undefined : answering(line, { text: readFormat(text) });
  const ctcp = readCtcp(text);
  if (ctcp?.command === 'ACTION') return answering(line, { text: readFormat(ctcp.text), action: true });
  if (ctcp !== undefined && !notice) answerCtcp(core, line.nick, ctcp);
  return undefined;
}

function answering(line: Line, content: Content): Content {
  const replyTo = line.tags === undefined ? undefined : replyTagOf(line);
  return replyTo === undefined ? content : { ...content, replyTo };
}
