/** Messages on their way: what fits a line, whom it goes to, and that each line's receipt is waited for. */
import { type Attempt, type ChatId, type Content, few, GatewayError, type Limits, type Sent } from '#bridge';
import { noteAddress } from './addressed.ts';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { isChannelHere } from './line-facts.ts';
import { replyTags, tagged } from './message-caps.ts';
import { batchText, multilineLimits, type Piece, pieces } from './multiline.ts';
import { isNick } from './names.ts';
import { isOtr, otrLines } from './otr.ts';
import type { Outgoing } from './receipts.ts';
import { away } from './refusals.ts';
import { beginning, isOverlong, maxTextBytes, messageTexts, spoken, type TextOptions, textsOf } from './texts.ts';
import { isEscaped } from './typed-names.ts';
import { composeWithin } from './wire/compose.ts';

/** What others' servers may prefix where we have not seen ourselves yet: `~` and ten characters, and a host of 63. */
const longestUser = 11;
const longestHost = 63;

/** What fits one PRIVMSG to that target, as the server passes it on with our own mask in front. */
export function budget(core: Core, target: string): number {
  const user = core.user === '' ? longestUser : Buffer.byteLength(core.user);
  const host = core.host === '' ? longestHost : Buffer.byteLength(core.host);
  const prefix = 1 + Buffer.byteLength(core.nick) + 1 + user + 1 + host + 1;
  return Math.max(64, lineBytes(core) - prefix - 'PRIVMSG  :'.length - Buffer.byteLength(target));
}

/** See `Session.limits`; right for the target and for our mask as they are now. Asked several times a message, so the last answer is kept. */
export function createLimits(core: Core): (target: string) => Limits {
  let last = { target: '', nick: '', user: '', host: '', lineLength: 0 };
  let limits: Limits | undefined;
  return (target) => {
    const { nick, user, host } = core;
    const { lineLength } = core.support;
    const isSame =
      last.target === target &&
      last.nick === nick &&
      last.user === user &&
      last.host === host &&
      last.lineLength === lineLength;
    if (limits === undefined || !isSame) {
      last = { target, nick, user, host, lineLength };
      const textBytes = budget(core, target);
      limits = { textBytes, maxBytes: maxTextBytes, concurrency: 64, window: 64, dedupes: false };
    }
    return limits;
  };
}

/**
 * See `Session.send`. Everything up to the socket's queue happens in this call. @param isUntold nobody but us tells the room of it
 * @param room what fits a line to that target, where it is kept
 */
export function sendMessage(
  core: Core,
  given: Content,
  to: Attempt,
  isUntold: boolean,
  room = (target: string): number => budget(core, target),
): Promise<Sent> {
  return new Promise((resolve, reject) => {
    to.signal.throwIfAborted();
    if (!core.ready) throw away(core.server.name);
    const folded = core.fold(to.chat);
    const inChannel = isChannelHere(core, to.chat);
    const channel = inChannel ? channelOf(core, folded) : undefined;
    const target = channel?.name ?? personName(to.chat);
    const content = unescaped(given);
    const writing = writingOf(core, content, target, { bytes: room(target), formats: channel?.plainOnly !== true });
    const message: Outgoing = {
      target,
      folded,
      chat: to.chat,
      content,
      text: content === given ? undefined : (content.text?.plain ?? ''),
      key: to.key,
      direct: !inChannel,
      isUntold,
      refs: few(),
      lines: writing.length,
      done: false,
      resolve,
      reject,
    };
    if (!inChannel) {
      core.conversations.wrote(folded);
      noteAddress(core, to.chat);
    }
    core.typing.said(to.chat);
    writeAll(core, message, writing, to.signal);
  });
}

/** A line, or what takes the tags into itself. */
type Writing = string | ((tags: Tags) => string);

const noTags: Tags = [];

/** Queues them in order, and has their receipts waited for. */
function writeAll(core: Core, message: Outgoing, writing: readonly Writing[], signal: AbortSignal): void {
  const { replyTo } = message.content;
  const labelled = core.link?.has('labeled-response') === true;
  // What is answered is said once, with the first line.
  let tags = replyTo === undefined ? noTags : replyTags(core, replyTo);
  for (const write of writing) {
    const label = labelled ? core.newId() : undefined;
    if (label !== undefined) tags = [['label', label], ...tags];
    const written = core.receipts.expect(message, label);
    try {
      core.send(typeof write === 'string' ? tagged(tags, write) : write(tags), 2, written, signal);
    } catch (error) {
      message.reject(error);
      written(new GatewayError('timed-out', { cause: error }));
      return;
    }
    tags = noTags;
  }
}

type Tags = readonly (readonly [string, string])[];

/** What is written for a message, one entry a receipt: its lines, or all of them as one batch where the server takes that. */
function writingOf(core: Core, content: Content, target: string, options: TextOptions): readonly Writing[] {
  const secret = isChannelHere(core, target) ? undefined : otrLines(content.text?.plain ?? '', options.bytes);
  if (secret !== undefined) return linesTo(core, target, secret);
  const texts = messageTexts(content, options);
  const lines = texts.length > 1 ? batchOf(core, content, options) : undefined;
  if (lines !== undefined) {
    const ref = core.newId().replace(/[^A-Za-z0-9]/g, '');
    return [(tags) => batchText(ref, target, lines, tags, lineBytes(core))];
  }
  const { maxLines } = core.server;
  if (texts.length > maxLines) {
    throw new GatewayError('message-too-long', {
      text: `On IRC this would be ${texts.length} lines, and at most ${maxLines} are sent at once. Please share it as a file or a link.`,
    });
  }
  return linesTo(core, target, texts);
}

const linesTo = (core: Core, target: string, texts: readonly string[]): readonly string[] =>
  texts.map((text) => composeWithin(lineBytes(core), 'PRIVMSG', target, text));

/** What the server takes in a line, without its CR LF. */
const lineBytes = ({ support }: Core): number => support.lineLength - 2;

/** undefined: the server does not take it as one message. */
function batchOf(core: Core, content: Content, { bytes, formats }: TextOptions): readonly Piece[] | undefined {
  const limits = multilineLimits(core);
  const { text, action } = spoken(content);
  return limits === undefined || action || content.files !== undefined
    ? undefined
    : pieces(text, formats, bytes, limits);
}

const excerptLines = 3;

/** See `Session.excerpt`: the first lines of what would be too many. What only two clients can read lies nowhere else. */
export function excerpt(core: Core, given: Content, chat: ChatId): string | undefined {
  const channel = core.channels.get(core.fold(chat));
  const bytes = budget(core, channel?.name ?? chat);
  const formats = channel?.plainOnly !== true;
  const { maxLines } = core.server;
  if (isOtr(given.text?.plain ?? '')) return undefined;
  if (!isOverlong(given)) {
    const content = unescaped(given);
    if (textsOf(content, { bytes, formats }).length <= maxLines) return undefined;
    if (batchOf(core, content, { bytes, formats }) !== undefined) return undefined;
  }
  return beginning(given, Math.min(excerptLines, maxLines - 1), bytes);
}

/** A command's name that is to be said, without the slash that says so. */
function unescaped(content: Content): Content {
  const { text } = content;
  if (text === undefined || content.action === true || !isEscaped(text.plain)) return content;
  const marks = text.marks.map((mark) => ({ ...mark, from: Math.max(0, mark.from - 1), to: mark.to - 1 }));
  return { ...content, text: { plain: text.plain.slice(1), marks } };
}

function channelOf(core: Core, folded: string): Channel {
  const channel = core.channels.get(folded);
  if (channel !== undefined && (channel.joined || core.joins.isPending(folded))) return channel;
  if (channel?.asked === true)
    throw new GatewayError('network-away', { text: `You are not back in ${channel.name} yet.` });
  throw new GatewayError('not-in-room', { text: `You are not in ${folded}.` });
}

function personName(nick: string): string {
  if (isNick(nick)) return nick;
  throw new GatewayError('no-such-person', { text: 'Nobody on IRC can have that name.' });
}
