/** CTCP: messages between \x01 and \x01 that mean more than their text, of which ACTION ("/me") is the one that everybody uses. */

export interface Ctcp {
  /** In upper case: ACTION, VERSION… */
  readonly command: string;
  readonly text: string;
}

/** Bytes that ACTION adds to a text. */
export const actionBytes = '\x01ACTION \x01'.length;

/** Reads a message's text as CTCP; undefined where it is plain. A missing \x01 at the end is tolerated, as cut lines lose it. */
export function readCtcp(text: string): Ctcp | undefined {
  if (text.charCodeAt(0) !== 1) return undefined;
  const end = text.length > 1 && text.charCodeAt(text.length - 1) === 1 ? text.length - 1 : text.length;
  const space = text.indexOf(' ');
  const cut = space < 0 || space > end ? end : space;
  return { command: text.slice(1, cut).toUpperCase(), text: text.slice(cut + 1, Math.max(end, cut + 1)) };
}

/** Writes a CTCP; a \x01 within the text is dropped, as it would end it. */
export function writeCtcp(command: string, text = ''): string {
  const body = text.includes('\x01') ? text.replaceAll('\x01', '') : text;
  return body === '' ? `\x01${command}\x01` : `\x01${command} ${body}\x01`;
}
