/** Content as messages of Discord's: Markdown in parts that fit, each with those whom it may ping. */
import type { Content } from '#bridge';
import { writeMarkdown } from './markdown/write.ts';
import type { Names } from './names.ts';

/** One message's text; the names are those of Discord's own fields. */
export interface Part {
  readonly content: string;
  /** Nobody else is pinged, whatever stands in the text. */
  readonly allowed_mentions: {
    readonly parse: readonly never[];
    readonly users: readonly string[];
    readonly roles: readonly string[];
    readonly replied_user: false;
  };
}

/** Characters of one message, which Discord counts as code points. */
export const longestMessage = 2000;
/** More Discord refuses. */
const pingsAtMost = 100;

/** The text of a content, no part of it empty; none where there is no text. @param limit characters that a part may have */
export function write(content: Content<unknown>, names: Names, limit = longestMessage): readonly Part[] {
  const { text, action } = content;
  if (text === undefined) return [];
  const { parts, mentions } = writeMarkdown(text, names, limit, action === true);
  const pinged = (part: string, form: RegExp): readonly string[] => {
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
