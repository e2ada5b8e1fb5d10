/** Texts that are kept: V8 makes a part of a text by pointing into the whole of it, and what the parser gives are parts of all that was read from a socket at once. */

/** Shorter parts are copies anyway. */
const shortestPart = 13;

/** The same text, which keeps no other in memory. For what stays longer than the stanza that it came with. */
export const ownCopy = (text: string): string =>
  text.length < shortestPart ? text : [text.slice(0, 1), text.slice(1)].join('');
