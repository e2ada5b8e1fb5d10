/** The links to files that expire on their networks: made of what names a file, by a key that nobody has, and written down before anybody is told. */
import { createHmac } from 'node:crypto';
import type { LastingFiles } from '../../accounts/lasting-files.ts';
import type { FileLink } from '../../core/content.ts';
import type { Config } from '../../ops/config/config.ts';
import type { MediaRow, MediaStore } from '../../storage/media-ports.ts';

/** Where they lie below the gateway's address. */
export const mediaPath = '/media/';

/** 144 bits: as many letters as the ids of uploads. */
const idBytes = 18;
export const megabyte = 1_000_000;
const dayMs = 24 * 3_600_000;
/** What a network may not be believed beyond. */
const longest = { source: 2_000, name: 200, shown: 80 };

/** How large a file may be that is kept, octets; undefined: none are. */
export const largestKept = ({ storage }: Pick<Config, 'storage'>): number | undefined =>
  storage.media && storage.media.perFile * megabyte;

/** Before which time messages' files are deleted: their own days are over, or those of the messages. */
export function mediaBefore({ storage }: Pick<Config, 'storage'>, now: number): number {
  const days = Math.min(
    storage.media?.days ?? Number.POSITIVE_INFINITY,
    storage.retention.days ?? Number.POSITIVE_INFINITY,
  );
  return Number.isFinite(days) ? now - days * dayMs : 0;
}

/** As it stands in the link: clients tell by its ending what they may show. */
export function shownName(name: string): string {
  const [end = ''] = /\.[A-Za-z0-9]{1,8}$/.exec(name) ?? [];
  const stem = name
    .slice(0, name.length - end.length)
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(0, longest.shown - end.length);
  return `${stem === '' ? 'file' : stem}${end}`;
}

export interface MediaLinksParts {
  readonly config: Pick<Config, 'http' | 'storage'>;
  readonly store: Pick<MediaStore, 'add' | 'forget'>;
  readonly domain: string;
  /** What the ids are made of; never leaves the process. */
  readonly key: Uint8Array;
  now(): number;
  /** There is something to fetch. */
  onWanted?(): void;
}

/** For one domain; undefined: the operator wants none kept. */
export function createMediaLinks({
  config,
  store,
  domain,
  key,
  now,
  onWanted,
}: MediaLinksParts): LastingFiles | undefined {
  const { publicUrl } = config.http;
  const largest = largestKept(config);
  if (largest === undefined || publicUrl === undefined) return undefined;
  const base = new URL(`.${mediaPath}`, publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`);

  /** Of the address only what does not change with time: told again, it is the same file. */
  function idOf({ account, chat, message, source }: Pick<MediaRow, 'account' | 'chat' | 'message' | 'source'>): string {
    const { origin, pathname } = new URL(source);
    const what = ['media', account, chat, message, origin + pathname].join('\0');
    return createHmac('sha256', key).update(what).digest().subarray(0, idBytes).toString('base64url');
  }

  return {
    patienceMs: 5_000,
    takes: ({ url, until = 0, size = 0 }, at) =>
      until > now() &&
      size <= largest &&
      url.length <= longest.source &&
      URL.canParse(url) &&
      at >= mediaBefore(config, now()),
    async last(files, message) {
      const rows = files.map((file): MediaRow => {
        const named = { account: message.account, chat: message.chat, message: message.id, source: file.url };
        const name = file.name.slice(0, longest.name).toWellFormed().replaceAll('\0', '');
        return { id: idOf(named), ...named, domain, at: message.at, name, until: file.until ?? 0 };
      });
      await store.add(unique(rows));
      onWanted?.();
      return files.map((file, i) => lasting(file, new URL(`${rows[i]?.id}/${shownName(rows[i]?.name ?? '')}`, base)));
    },
    forget(account, chat, message, but = []) {
      const left = but.filter(({ url }) => URL.canParse(url));
      const ids = left.map(({ url }) => idOf({ account, chat, message, source: url }));
      return store.forget(account, chat, message, ids);
    },
  };
}

const lasting = ({ until: _, ...file }: FileLink, { href: url }: URL): FileLink => ({ ...file, url });

const unique = (rows: readonly MediaRow[]): readonly MediaRow[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];
