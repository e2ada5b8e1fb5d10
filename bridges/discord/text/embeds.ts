/** Embeds: what bots and webhooks show in a frame is quoted; previews of an address that stands in the text are left out. */
import type { APIEmbed } from 'discord.js';
import { plainText, type RichText } from '#bridge';
import { joined, quoted } from './markdown/pieces.ts';
import type { Names } from './names.ts';
import { fileAt, lastingAsSaid, nothing, readTexts, type Section } from './reading.ts';
import { linked, strong, together } from './rich.ts';

const atMost = 10;

/** @param content the message's own text, as written */
export function readEmbeds(embeds: readonly APIEmbed[] | undefined, content: string, names: Names): readonly Section[] {
  return (embeds ?? [])
    .slice(0, atMost)
    .map((embed) => (isPreview(embed, content) ? nothing : readEmbed(embed, names)));
}

const bare = (url: string): string => url.replace(/\/$/, '');

/** What stands behind an address that is the beginning of another one: of a query or a fragment previews know nothing. */
const goesOn = /^\/?[\w%~-]|^\.\w/;

/** Does that address stand in the text, and not only a longer one that begins so? */
function isIn(content: string, url: string): boolean {
  if (url === '') return false;
  for (let at = content.indexOf(url); at >= 0; at = content.indexOf(url, at + url.length))
    if (!goesOn.test(content.slice(at + url.length, at + url.length + 2))) return true;
  return false;
}

/** Nobody can send another type than 'rich': the others Discord makes itself. */
const isPreview = ({ type, url }: APIEmbed, content: string): boolean =>
  (type !== undefined && type !== 'rich') || (url !== undefined && isIn(content, bare(url)));

function readEmbed(embed: APIEmbed, names: Names): Section {
  const { author, title, url, description, fields, footer, image, thumbnail, video } = embed;
  const texts: RichText[] = [];
  if (author !== undefined && author.name !== '') texts.push(linked(plainText(author.name), author.url));
  const [heading = plainText('')] = readTexts(title, names);
  if (heading.plain !== '' || url !== undefined) texts.push(linked(strong(heading), url));
  texts.push(...readTexts(description, names));
  for (const { name, value } of (fields ?? []).slice(0, 25)) {
    const [label = plainText('')] = readTexts(name, names);
    const [said = plainText('')] = readTexts(value, names);
    texts.push(together(strong(label), said.plain.includes('\n') ? ':\n' : ': ', said));
  }
  if (footer !== undefined && footer.text !== '') texts.push(plainText(footer.text));
  const picture = [image, video, thumbnail].find((one) => one?.url !== undefined);
  const file = picture?.url === undefined ? undefined : fileAt(picture.url);
  return {
    texts: texts.length === 0 ? [] : [quoted(joined(texts))],
    files: file === undefined ? [] : [lastingAsSaid(file)],
  };
}
