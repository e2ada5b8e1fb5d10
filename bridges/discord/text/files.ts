/** Attachments and stickers: files by their addresses, and in words what their addresses don't say. */
import type { APIAttachment, APIStickerItem } from 'discord.js';
import { type FileLink, plainText, type RichText } from '#bridge';
import { nothing, type Section, withExpiry } from './reading.ts';

const atMost = 20;

/** The files that are attached, with what is said of them; each for itself where they are told apart. */
export function readAttachments(attachments: readonly APIAttachment[] | undefined, isApart: boolean): Section {
  const all = (attachments ?? []).slice(0, atMost);
  if (isApart) return { ...nothing, shared: all.map(describedFile) };
  return { texts: all.flatMap(aboutAttachment), files: all.map(fileOf) };
}

const spoilerFlag = 1 << 3;
/** What Discord's clients put in front of a hidden file's name. */
export const spoilerPrefix = 'SPOILER_';

function fileOf(attachment: APIAttachment): FileLink {
  const { url, filename, content_type: type, size, flags } = attachment;
  const bits: number = flags ?? 0;
  const isHidden = filename.startsWith(spoilerPrefix) || (bits & spoilerFlag) !== 0;
  return withExpiry({
    url,
    name: calledBy(attachment),
    ...(type !== undefined && { type }),
    size,
    ...measuresOf(attachment),
    ...(isHidden && { isSpoiler: true }),
  });
}

/** With what is said of it. */
function describedFile(attachment: APIAttachment): FileLink {
  const description = descriptionOf(attachment);
  return { ...fileOf(attachment), ...(description !== undefined && { description }) };
}

/** How large it is to be shown, and how long it lasts: room is made for it before it is fetched. */
function measuresOf({ width, height, duration_secs: seconds }: APIAttachment): Partial<FileLink> {
  return {
    ...(isMeasure(width) && isMeasure(height) && { width, height }),
    ...(isMeasure(seconds) && { lengthMs: Math.round(seconds * 1_000) }),
  };
}

const isMeasure = (value: number | null | undefined): value is number => typeof value === 'number' && value > 0;

const longestName = 150;

/** As whoever attached it calls it: the name itself has lost what is not ASCII, which the title has ("Attachment Object"), with the ending or without. */
function calledBy({ filename, title = '' }: Pick<APIAttachment, 'filename' | 'title'>): string {
  const [ending = ''] = /\.\w{1,12}$/.exec(filename) ?? [];
  const plain = title
    .replace(/[\p{Cc}\p{Bidi_Control}/\\]+/gu, ' ')
    .trim()
    .slice(0, longestName)
    .toWellFormed();
  const whole = plain.toLowerCase().endsWith(ending.toLowerCase()) ? plain : plain + ending;
  const name = plain === '' ? filename : whole;
  return name.startsWith(spoilerPrefix) ? name.slice(spoilerPrefix.length) : name;
}

const longestDescription = 1024;

interface Described {
  readonly description?: string | null;
  readonly duration_secs?: number;
  readonly waveform?: string;
}

/** What it is, where its address alone does not say it: for how long somebody speaks, what is shown to those who can't see it. */
export function descriptionOf(attachment: Described): string | undefined {
  const words = [voiceOf(attachment) ?? [], shownIn(attachment) ?? []].flat();
  return words.length === 0 ? undefined : words.join(': ');
}

/** In the words of whoever attached it. */
function shownIn({ description }: Described): string | undefined {
  const words = description?.replace(/\s+/g, ' ').trim().slice(0, longestDescription).toWellFormed() ?? '';
  return words === '' ? undefined : words;
}

const voiceOf = ({ duration_secs: seconds, waveform }: Described): string | undefined =>
  seconds === undefined || waveform === undefined ? undefined : `Voice message (${minutes(seconds)})`;

/** The same as lines of a text. */
export function aboutAttachment(attachment: APIAttachment): readonly RichText[] {
  const shown = shownIn(attachment);
  const texts = [voiceOf(attachment) ?? [], shown === undefined ? [] : `${calledBy(attachment)}: ${shown}`].flat();
  return texts.map(plainText);
}

const minutes = (seconds: number): string => {
  const whole = Math.max(1, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

/** Discord's numbers of sticker formats that are pictures; Lottie (3) is none. */
const pictures: ReadonlyMap<number, { readonly end: string; readonly type: string; readonly host: string }> = new Map([
  [1, { end: 'png', type: 'image/png', host: 'cdn.discordapp.com' }],
  [2, { end: 'png', type: 'image/apng', host: 'cdn.discordapp.com' }],
  [4, { end: 'gif', type: 'image/gif', host: 'media.discordapp.net' }],
]);

/** Pictures where they are; else their names. */
export function readStickers(stickers: readonly APIStickerItem[] | undefined, isApart: boolean): Section {
  const texts: RichText[] = [];
  const files: FileLink[] = [];
  for (const { id, name, format_type: format } of (stickers ?? []).slice(0, atMost)) {
    const picture = pictures.get(format);
    if (picture === undefined || !/^\d{1,20}$/.test(id)) texts.push(plainText(`Sticker: ${name}`));
    else {
      const { host, end, type } = picture;
      files.push({ url: `https://${host}/stickers/${id}.${end}`, name: `${name}.${end}`, type });
    }
  }
  return isApart ? { texts, files: [], shared: files } : { texts, files };
}
