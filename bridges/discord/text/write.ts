/** Content as messages of Discord's: Markdown in parts that fit, each with those whom it may ping. */
import { type Content, type FileLink, plainText, type RichText } from '#bridge';
import { joined } from './markdown/pieces.ts';
import { writeMarkdown } from './markdown/write.ts';
import type { Names } from './names.ts';

/** One message's text; the names are those of Discord's own fields. */
export interface Part {
  readonly content: string;
  /** Nobody else is pinged, whatever stands in the text. */
  readonly allowed_mentions: {
    readonly parse: never[];
    readonly users: string[];
    readonly roles: string[];
    readonly replied_user: false;
  };
}

/** Whom a text rings that means nobody. */
export const nobodyRings: Part['allowed_mentions'] = { parse: [], users: [], roles: [], replied_user: false };

/** Characters of one message, which Discord counts as code points. */
export const longestMessage = 2000;
/** More Discord refuses. */
const pingsAtMost = 100;

/** Hidden where the file is. */
const addressOf = ({ url, isSpoiler }: FileLink): RichText =>
  isSpoiler === true ? { plain: url, marks: [{ is: 'spoiler', from: 0, to: url.length }] } : plainText(url);

/** The text of a content and the addresses of its files, no part empty. @param limit characters that a part may have */
export function write(content: Content<unknown>, names: Names, limit = longestMessage): readonly Part[] {
  const { text, files = [], action } = content;
  const pieces = [...(text === undefined ? [] : [text]), ...files.map(addressOf)];
  if (pieces.length === 0) return [];
  const { parts, mentions } = writeMarkdown(joined(pieces), names, limit, action === true);
  const pinged = (part: string, form: RegExp): string[] => {
    const meant = Array.from(part.matchAll(form)).filter(([written]) => mentions.has(written));
    return [...new Set(meant.map(([, id = '']) => id))].slice(0, pingsAtMost);
  };
  return parts.map((part) => ({
    content: part,
    allowed_mentions: {
      parse: [],
      users: pinged(part, /<@(\d{1,20})>/g),
      roles: pinged(part, /<@&(\d{1,20})>/g),
      replied_user: false,
    },
  }));
}
