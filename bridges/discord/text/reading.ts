/** What the parts of a message are read with, and what they come to. */
import type { FileLink, RichText } from '#bridge';
import { readMarkdown } from './markdown/blocks.ts';
import type { Names } from './names.ts';

/** A part of a message: texts that stand below each other, and files. */
export interface Section {
  readonly texts: readonly RichText[];
  readonly files: readonly FileLink[];
  /** Files that are shared, where they are told apart from what else there is. */
  readonly shared?: readonly FileLink[];
}

export const nothing: Section = { texts: [], files: [] };

/** All of them, in their order. */
export const sectionOf = (sections: readonly Section[]): Section => ({
  texts: sections.flatMap(({ texts }) => texts),
  files: sections.flatMap(({ files }) => files),
  shared: sections.flatMap(({ shared = [] }) => shared),
});

/** Markdown that may be missing or empty. */
export const readTexts = (markdown: string | null | undefined, names: Names): readonly RichText[] =>
  markdown === undefined || markdown === null || markdown.trim() === '' ? [] : [readMarkdown(markdown, names)];

/** A file by its address; without a name it is called as the address ends. */
export function fileAt(url: string, name?: string, type?: string): FileLink | undefined {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return { url, name: name ?? (last === '' ? 'file' : last), ...(type !== undefined && { type }) };
}

/** With until when its address leads anywhere, where Discord has signed it ("Signed Attachment CDN URLs": `ex` is in seconds, in hexadecimal digits). */
export function withExpiry(file: FileLink): FileLink {
  const [, seconds] = /\?(?:[^#]*&)?ex=([0-9a-f]{1,10})(?:&|#|$)/i.exec(file.url) ?? [];
  return seconds === undefined ? file : { ...file, until: Number.parseInt(seconds, 16) * 1_000 };
}

/** Whoever makes an embed or a component says where its picture is: only what lies with Discord itself expires by what stands in its address. */
export const lastingAsSaid = (file: FileLink): FileLink =>
  /^https:\/\/(?:cdn\.discordapp\.com|media\.discordapp\.net)\/(?:ephemeral-)?attachments\//.test(file.url)
    ? withExpiry(file)
    : file;
