/** Lines to the server as people write them: one line each, and those that would break the session under us are done another way, or not at all. */
import { type ChatId, chatId, deliveryKey, GatewayError, plainText, type RichText } from '#bridge';
import type { Answer } from './answers.ts';
import { channelOf, toSome } from './inbound.ts';
import { isChannelHere } from './line-facts.ts';
import { localId } from './message-caps.ts';
import { isChannelName, isNick } from './names.ts';
import { sendMessage } from './sending.ts';
import type { Typed } from './typed.ts';
import { compose, guardLine, maxLineBytes } from './wire/compose.ts';
import { readFormat } from './wire/format.ts';
import { parseLine } from './wire/line.ts';

/** Said once, before anybody is let in, or kept by the connection itself. */
const ours: ReadonlySet<string> = new Set(['PASS', 'USER', 'CAP', 'AUTHENTICATE', 'WEBIRC', 'SERVER', 'STARTTLS']);

/** What was said before goes before these, as where they are done by a Jabber client's own buttons. */
const behindWords: ReadonlySet<string> = new Set(['PART', 'TOPIC']);

/** The answer as a text; a refusal becomes the error. */
export function told({ lines, error }: Answer): string | undefined {
  if (error !== undefined) throw error;
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** The folded channel that was meant: the one named, else the one in which it was typed. */
export function aboutOf({ core, chat }: Typed, named: string | undefined): string | undefined {
  if (named !== undefined && isChannelHere(core, named)) return core.fold(named);
  return chat !== undefined && isChannelHere(core, chat) ? core.fold(chat) : undefined;
}

/** Asks, and tells whatever comes. @param taken see `Answers` */
export async function answered(
  typed: Typed,
  line: string,
  about: string | undefined,
  inTurn = false,
  taken?: () => void,
): Promise<Answer> {
  guardLine(line);
  if (Buffer.byteLength(line) > maxLineBytes) {
    throw new GatewayError('message-too-long', { text: `A line for an IRC server has at most ${maxLineBytes} bytes.` });
  }
  return typed.core.answers.ask(line, about, typed.signal, inTurn, taken);
}

/** One line, as it stands. Errors are an answer like any: whoever writes to a server reads numerics. */
export async function sendRaw(typed: Typed): Promise<string | undefined> {
  const line = parseLine(typed.rest.trim());
  if (line === undefined || line.source !== '' || !/^[A-Za-z]+$/.test(line.command)) {
    throw new GatewayError('bad-request', {
      text: 'A line for the server begins with a command: WHOIS, MODE, LUSERS…',
    });
  }
  const command = line.command.toUpperCase();
  const [first = '', second = ''] = line.params;
  if (ours.has(command)) {
    throw new GatewayError('network-refused', { text: `${command} is the gateway's own business with the server.` });
  }
  if (command === 'QUIT') return void (await typed.quit(first));
  if (command === 'AWAY') return away(typed, first);
  if (command === 'NICK' && first !== '') return void (await rename(typed, first));
  if (command === 'PRIVMSG' || command === 'NOTICE') return speak(typed, command, first, second);
  const tagless = typed.rest.trim().replace(/^@\S+ +/, '');
  const channel = line.params.find((one) => isChannelHere(typed.core, one));
  const { lines } = await answered(typed, tagless, aboutOf(typed, channel), behindWords.has(command));
  return lines.length === 0 ? undefined : lines.join('\n');
}

/** Counts more than what a Jabber client shows; told is the server's answer, and until when it counts. */
export async function away(typed: Typed, text: string): Promise<string> {
  const { appearance } = typed.core;
  const { lines, error } = await answered(typed, appearance.typed(text.trim()), undefined);
  if (error !== undefined) throw error;
  if (appearance.text !== '')
    return [...lines, 'So it stays until you write /away, whatever your client shows.'].join('\n');
  return (appearance.hidden ?? '') === ''
    ? lines.join('\n')
    : [...lines, 'Your client shows you as away; the next change of that counts again.'].join('\n');
}

/** The usual way, whereupon every room hears of it. */
export async function rename({ core, rooms, signal }: Typed, nick: string): Promise<void> {
  await rooms.nick?.(chatId(core.nick), nick, signal);
}

/** A service by where it runs (`Q@CServe.quakenet.org`): where networks want that, it hears passwords in no other way. */
const isServiceAt = (target: string): boolean => {
  const [nick = '', host = '', more] = target.split('@');
  return more === undefined && isNick(nick) && /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(host);
};

/** The channel of which those of a rank are meant (STATUSMSG, "@#channel"); empty: it is none. */
function someOf(core: Typed['core'], target: string): string {
  const channel = isChannelHere(core, target) ? '' : channelOf(core, target);
  return isChannelName(channel) ? channel : '';
}

/** Says something outside of where it was typed; what is said in a channel shows there as ours. */
export async function speak(typed: Typed, verb: 'PRIVMSG' | 'NOTICE', target: string, text: string) {
  const { core, signal } = typed;
  const some = someOf(core, target);
  const isChannel = some !== '' || (isChannelName(target) && isChannelHere(core, target));
  const isElsewhere = isServiceAt(target);
  if (!isChannel && !isNick(target) && !isElsewhere) {
    throw new GatewayError('bad-address', { text: `${target.slice(0, 64)} is neither a nick nor a channel.` });
  }
  if (text.trim() === '') throw new GatewayError('bad-request', { text: 'There is nothing to say.' });
  const folded = core.fold(some === '' ? target : some);
  const chat = core.channels.get(folded)?.chat ?? chatId(folded);
  const asLine = verb === 'NOTICE' || isElsewhere || some !== '';
  if (asLine) {
    const said = plainText(readFormat(text).plain);
    const toAll = some === '' ? said : toSome(target, said);
    await sayLine(typed, verb, target, text, isChannel ? () => show(typed, chat, toAll, verb) : undefined);
  } else {
    const key = deliveryKey(core.newId());
    await sendMessage(
      core,
      { text: readFormat(text) },
      { chat: isChannel ? chat : chatId(target), key, number: 1, signal },
      isChannel,
    );
  }
  // The text is not said again: it may have been a password for a service.
  return isChannel ? undefined : `Sent to ${target}.`;
}

async function sayLine(
  typed: Typed,
  verb: 'PRIVMSG' | 'NOTICE',
  target: string,
  text: string,
  taken: (() => void) | undefined,
): Promise<void> {
  const { core } = typed;
  // Before it is sent: a notice that answers it may come before the server's own answer, and belongs into the conversation.
  if (channelOf(core, target) === '') core.conversations.wrote(core.fold(target.split('@', 1)[0] ?? target));
  const { error } = await answered(typed, compose(verb, target, text), undefined, true, taken);
  if (error !== undefined) throw error;
}

function show({ core }: Typed, chat: ChatId, text: RichText, verb: 'PRIVMSG' | 'NOTICE'): void {
  core.emit({
    kind: 'message',
    at: new Date(core.clock.now()),
    chat,
    by: core.self,
    nick: core.nick,
    ref: { id: localId(core), part: 0 },
    content: { text },
    ...(verb === 'NOTICE' && { notice: true }),
  });
}
