/** What must be so before something is asked of a server, and texts as one line takes them. */
import { type ChatId, GatewayError } from '#bridge';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { away } from './refusals.ts';
import { fits } from './wire/split.ts';

/** For reasons where the server names no limit, in bytes. */
export const reasonBytes = 250;

const lineBreaks = /[\r\n]+/g;

/** A text without line breaks and NUL, cut to so many bytes, between signs. It may be as long as a stanza. */
export function oneLine(text: string, maxBytes: number): string {
  const line = text.replace(lineBreaks, ' ').replaceAll('\0', '');
  return line.slice(0, fits(line, 0, maxBytes)).toWellFormed();
}

/** Throws where the server takes nothing now. */
export function requireReady(core: Core): void {
  if (!core.ready) throw away(core.server.name);
}

/** The channel, if we are in it; throws otherwise. */
export function requireChannel(core: Core, chat: ChatId): Channel {
  requireReady(core);
  const channel = core.channels.get(core.fold(chat));
  if (channel?.joined === true) return channel;
  throw new GatewayError('not-in-room', { text: `You are not in ${chat}.` });
}
