/** What people write, as plain text both ways: as it stands, in as many messages as it needs. */
import type { APIMessage } from 'discord.js';
import { type Content, plainText } from '#bridge';
import type { Names } from './naming.ts';

/** A message's text and files. */
export function read(message: APIMessage, _names: Names): Content {
  const files = message.attachments.map(({ url, filename, size, content_type }) => ({
    url,
    name: filename,
    size,
    ...(content_type !== undefined && { type: content_type }),
  }));
  return { ...(message.content !== '' && { text: plainText(message.content) }), ...(files.length > 0 && { files }) };
}

/** The texts of the messages that a content becomes, and whom they ring. */
export function write(
  content: Content,
  _names: Names,
): { readonly parts: readonly string[]; readonly mentioned: readonly string[] } {
  const text = [content.text?.plain ?? '', ...(content.files ?? []).map(({ url }) => url)]
    .filter((one) => one !== '')
    .join('\n');
  const parts: string[] = [];
  for (let rest = text; rest.length > 0; ) {
    const cut =
      rest.length <= 2000 ? rest.length : rest.lastIndexOf(' ', 2000) > 0 ? rest.lastIndexOf(' ', 2000) : 2000;
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut).trimStart();
  }
  return { parts, mentioned: [] };
}
