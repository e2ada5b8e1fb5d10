/**
 * Blanks behind stanzas that a server may read in pieces. Expat since 2.6, and Debian's 2.5.0-1+deb12u2, does not look again at a tag that a read had cut until the
 * buffer has twice the bytes: a server that parses with it (Prosody) would keep the last stanza until we write again.
 */

/** Output longer than this may reach the server in several reads. */
const oneRead = 1_024;

/** What has to follow so many characters; as many as the longest stanza has are always enough. @param longest characters of the longest stanza */
export const blanksBehind = (length: number, longest: number): string =>
  length > oneRead && longest > 0 ? ' '.repeat(longest) : '';

/** Has it its blanks already? No stanza ends with one. */
export const hasBlanks = (text: string): boolean => text.charCodeAt(text.length - 1) === 0x20;
