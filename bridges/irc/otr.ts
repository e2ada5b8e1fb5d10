/**
 * OTR (Off-the-Record Messaging, versions 2 and 3): data that two clients exchange passes as it is, in one line where it fits, else in the fragments that
 * the protocol has for this, which the other client puts together again.
 */

const data = '?OTR:';
/** "?OTR|0123abcd|0123abcd,00001,00002," and the comma at the end. */
const longestFrame = 40;
/** Of both counters, which have five digits. */
const fragmentsAtMost = 65_535;

/** Is it data, whether it can be sent or not? */
export const isOtr = (text: string): boolean => text.startsWith(data);

/** The lines of a message of data; undefined: it is none, or can't be cut. @param bytes what fits one line */
export function otrLines(text: string, bytes: number): readonly string[] | undefined {
  if (!isOtr(text) || !/^\?OTR:[A-Za-z0-9+/=]+\.$/.test(text)) return undefined;
  if (text.length <= bytes) return [text];
  const room = bytes - longestFrame;
  const count = Math.ceil(text.length / room);
  const frame = frameOf(text);
  if (room <= 0 || count > fragmentsAtMost || frame === undefined) return undefined;
  const pad = (number: number): string => String(number).padStart(5, '0');
  return Array.from({ length: count }, (_, at) => {
    return `${frame},${pad(at + 1)},${pad(count)},${text.slice(at * room, (at + 1) * room)},`;
  });
}

/** How a fragment begins: with both clients' instance tags since version 3, which stand behind version and type. */
function frameOf(text: string): string | undefined {
  const head = Buffer.from(text.slice(data.length, data.length + 16), 'base64');
  if (head.length < 11) return undefined;
  const version = head.readUInt16BE(0);
  if (version === 2) return '?OTR';
  if (version !== 3) return undefined;
  const tag = (at: number): string => head.readUInt32BE(at).toString(16).padStart(8, '0');
  return `?OTR|${tag(3)}|${tag(7)}`;
}
