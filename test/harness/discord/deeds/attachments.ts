/** Files of messages: kept at the CDN behind links that expire (API reference, "Signed Attachment CDN URLs"). */
import { createHmac } from 'node:crypto';
import { type APIAttachment, AttachmentFlags } from 'discord-api-types/v10';
import type { Channel, State } from '../state.ts';
import type { Upload } from './drafts.ts';

const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  txt: 'text/plain; charset=utf-8',
  pdf: 'application/pdf',
};

/** By a name's ending. */
const typeOf = (name: string): string | undefined => types[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ''];

/** What Discord leaves of a file's name. */
const safeName = (name: string): string => name.replace(/[^\w.-]+/g, '_').replace(/^_+|_+$/g, '') || 'unknown';

/** Stores a file and says where it is. */
export function attach(state: State, channel: Channel, upload: Upload): APIAttachment {
  const id = state.newId();
  const spoiler = upload.spoiler === true && !upload.filename.startsWith('SPOILER_') ? 'SPOILER_' : '';
  const filename = spoiler + safeName(upload.filename);
  const type = upload.type ?? typeOf(filename);
  const path = `/attachments/${channel.id}/${id}/${filename}`;
  state.files.set(path, { bytes: upload.bytes, type: type ?? 'application/octet-stream' });
  const url = signed(state, path);
  const { width, height, seconds, waveform, description, title } = upload;
  return {
    id,
    filename,
    size: upload.bytes.length,
    url,
    proxy_url: url,
    ...(type === undefined ? {} : { content_type: type }),
    ...(description === undefined ? {} : { description }),
    ...(title === undefined ? {} : { title }),
    ...(width === undefined || height === undefined ? {} : { width, height }),
    ...(seconds === undefined ? {} : { duration_secs: seconds }),
    ...(waveform === undefined ? {} : { waveform }),
    ...(filename.startsWith('SPOILER_') ? { flags: AttachmentFlags.IsSpoiler } : {}),
  };
}

const hex = (ms: number): string => Math.floor(ms / 1_000).toString(16);

const signature = (path: string, expires: string, issued: string): string =>
  createHmac('sha256', 'the key of the harness').update(`${path} ${expires} ${issued}`).digest('hex');

/** A link that is good for a while. */
export function signed(state: State, path: string): string {
  const now = state.now();
  const [expires, issued] = [hex(now + state.settings.linkMs), hex(now)];
  return `${state.origin}/cdn${path}?ex=${expires}&is=${issued}&hm=${signature(path, expires, issued)}&`;
}

/** Is it one of ours, and not yet expired? */
export function isGood(state: State, path: string, query: URLSearchParams): boolean {
  const [expires, issued, mark] = [query.get('ex') ?? '', query.get('is') ?? '', query.get('hm')];
  return mark === signature(path, expires, issued) && Number.parseInt(expires, 16) * 1_000 > state.now();
}
