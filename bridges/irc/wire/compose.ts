/**
 * The one builder of outgoing IRC lines. No text, whoever wrote it, becomes two lines or moves into another parameter:
 * what can't be sent as it is is refused.
 */
import { GatewayError } from '#bridge';

/** What a line may hold without its CR LF (RFC 2812 §2.3), in UTF-8 bytes. */
export const maxLineBytes = 510;

const breaksLine = /[\0\r\n]/;

/**
 * Builds a line without its line end. The last parameter may hold anything but CR, LF and NUL; the others must not be empty, hold a space or begin
 * with a colon. Throws a GatewayError: `bad-request` where a parameter can't be sent, `message-too-long` over 510 bytes.
 */
export function compose(command: string, ...params: readonly string[]): string {
  return build(command, params);
}

/** As `compose`, where the server takes lines of so many bytes without their CR LF (LINELEN). */
export function composeWithin(maxBytes: number, command: string, ...params: readonly string[]): string {
  return build(command, params, maxBytes);
}

/** Refuses CR, LF and NUL in a line that someone else built; returns the line. Throws a GatewayError `bad-request`. */
export function guardLine(line: string): string {
  if (breaksLine.test(line)) throw refused('an IRC line cannot hold a line break or NUL');
  return line;
}

/** What is sent all the time. */
const usual: ReadonlySet<string> = new Set(['PRIVMSG', 'PING']);

function build(command: string, params: readonly string[], maxBytes = maxLineBytes): string {
  if (!usual.has(command) && !/^[A-Za-z0-9]+$/.test(command)) throw refused('an IRC command is letters and digits');
  let line = command;
  const last = params.length - 1;
  for (let index = 0; index < last; index++) line += ` ${middle(params[index] ?? '')}`;
  if (last >= 0) {
    const text = params[last] ?? '';
    line += text === '' || text.charCodeAt(0) === 0x3a || text.includes(' ') ? ` :${text}` : ` ${text}`;
  }
  guardLine(line);
  if (line.length * 3 > maxBytes && Buffer.byteLength(line) > maxBytes) throw tooLong();
  return line;
}

function middle(param: string): string {
  if (param === '') throw refused('an IRC parameter is empty');
  if (param.charCodeAt(0) === 0x3a) throw refused('an IRC parameter begins with a colon');
  if (param.includes(' ')) throw refused('an IRC parameter holds a space');
  return param;
}

const refused = (why: string) => new GatewayError('bad-request', { text: `This cannot be sent to IRC: ${why}.` });
const tooLong = () => new GatewayError('message-too-long', { text: 'This is too long for one line of IRC.' });
