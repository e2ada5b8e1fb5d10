/** Files by their addresses (CHECKLIST 066, 447): read from what clients attach, written for what networks share. Nothing is fetched, so nothing is claimed. */
import type { Digest, FileLink } from '../../core/content.ts';
import type { Element } from '../../xml/element.ts';
import { child, children } from '../../xml/query.ts';
import { join, type Xml, xml } from '../../xml/writer.ts';
import { OOB, oob } from '../../xmpp/xep/0066-oob.ts';
import { HASHES, hash } from '../../xmpp/xep/0300-hashes.ts';
import { attachTo } from '../../xmpp/xep/0367-attaching.ts';
import { REFERENCES } from '../../xmpp/xep/0372-references.ts';
import { MEDIA_SHARING, mediaReference } from '../../xmpp/xep/0385-media-sharing.ts';
import { FALLBACK, fallback } from '../../xmpp/xep/0428-fallback.ts';
import { FILE_METADATA, type FileMetadata } from '../../xmpp/xep/0446-file-metadata.ts';
import { FILE_SHARING, type FileSharing, fileSharing } from '../../xmpp/xep/0447-file-sharing.ts';

const filesAtMost = 20;
const longestUrl = 2000;
/** In base64. */
const longestDigest = 100;
const longestDescription = 1000;
/** What file systems take. The end counts: there it says what kind of file it is. */
const longestName = 255;
const none: readonly FileLink[] = [];

/** An address that people can open; keys and local paths are none. */
function isLink(url: string): boolean {
  return url.length <= longestUrl && /^https?:\/\/[^\s/]+/i.test(url) && URL.canParse(url);
}

/** The last part of an address's path; '' where it has none. */
function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** The functions by which it is asked, by their names in XMPP; SHA-1 says nothing any more (XEP-0300 §4). */
const digests: Readonly<Record<string, Digest['by']>> = {
  'sha-256': 'sha256',
  'sha-384': 'sha384',
  'sha-512': 'sha512',
  'sha3-256': 'sha3-256',
  'sha3-512': 'sha3-512',
};

/** Announced where files come in (XEP-0300 §5). */
export const hashing: readonly string[] = [
  HASHES,
  ...Object.keys(digests).map((name) => `urn:xmpp:hash-function-text-names:${name}`),
];

/** By the first function that is known here. */
function digestIn(sharing: Element): Digest | undefined {
  const file = child(sharing, 'file', FILE_METADATA);
  for (const el of file === undefined ? [] : children(file, 'hash', HASHES)) {
    const { algo = '', value = '' } = hash.read(el) ?? {};
    const by = Object.hasOwn(digests, algo) ? digests[algo] : undefined;
    if (by !== undefined && value.length <= longestDigest) return { by, value };
  }
  return undefined;
}

function linkOf(urls: readonly string[], file: FileMetadata = {}, digest?: Digest): FileLink | undefined {
  const url = urls.find(isLink);
  if (url === undefined) return undefined;
  const { mediaType, size, width, height, length: lengthMs, desc, name = nameIn(url) } = file;
  return {
    url,
    name: name.slice(-longestName).toWellFormed(),
    ...(mediaType !== undefined && { type: mediaType }),
    ...(size !== undefined && { size }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(lengthMs !== undefined && { lengthMs }),
    ...described(desc),
    ...(digest !== undefined && { digest }),
  };
}

const addressesOf = ({ sources }: FileSharing): readonly string[] => sources.urls.map(({ target }) => target);

/** What somebody says that it shows; nothing where that says nothing. */
function described(desc: string | undefined): Pick<FileLink, 'description'> {
  const words = desc?.replace(/\s+/g, ' ').trim() ?? '';
  return words === '' ? {} : { description: words.slice(0, longestDescription).toWellFormed() };
}

/** The ways in which files are named; what the body has for clients that do not know them is no text then. */
export const sharing: readonly string[] = [FILE_SHARING, MEDIA_SHARING, OOB];

/** It stands for a file of the message that it is attached to, which has its address: said for clients alone that do not know XEP-0447 (§4.2). */
export const isStandIn = (message: Element): boolean =>
  attachTo.has(message) &&
  children(message).every(({ name, ns }) => ns !== FILE_SHARING || (name !== 'file-sharing' && name !== 'sources')) &&
  children(message, 'fallback', FALLBACK).some((el) => fallback.read(el)?.for === FILE_SHARING);

/** Files that are named, whatever is known of where they are. */
export const announcedIn = (message: Element): readonly Element[] => children(message, 'file-sharing', FILE_SHARING);

const mayShare = (message: Element): boolean =>
  child(message, 'file-sharing', FILE_SHARING) !== undefined ||
  child(message, 'x', OOB) !== undefined ||
  child(message, 'reference', REFERENCES) !== undefined;

/** What a message shares, each file once, the better described first (447-10). */
export function filesIn(message: Element): readonly FileLink[] {
  if (!mayShare(message)) return none;
  const found: FileLink[] = [];
  const add = (file: FileLink | undefined): void => {
    if (file === undefined || found.length >= filesAtMost || found.some(({ url }) => url === file.url)) return;
    found.push(file);
  };
  for (const el of children(message, 'file-sharing', FILE_SHARING)) {
    const shared = fileSharing.read(el);
    if (shared !== undefined) add(linkOf(addressesOf(shared), shared.file, digestIn(el)));
  }
  for (const el of children(message, 'reference', REFERENCES)) {
    const { sources, file } = mediaReference.read(el)?.media ?? {};
    if (sources !== undefined)
      add(
        linkOf(
          sources.references.map(({ uri }) => uri),
          file,
        ),
      );
  }
  for (const el of children(message, 'x', OOB)) {
    const { url, desc } = oob.read(el) ?? {};
    const address = url?.trim();
    if (address !== undefined && isLink(address)) add({ url: address, name: nameIn(address), ...described(desc) });
  }
  return found;
}

const bodyIsFallback = xml`<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:sfs:0'><body/></fallback>`;

/**
 * For old clients the address (066-01), for new ones what is known of the file (447-01). What is hidden is no picture for clients that would show it at once (382-01).
 * @param alone the body is the address and nothing else
 */
export function writeFiles(files: readonly FileLink[], alone: boolean): Xml {
  const shown = files.filter(({ isSpoiler }) => isSpoiler !== true);
  const pieces = shown.map(({ url, description: desc }) => oob.write({ url, ...(desc !== undefined && { desc }) }));
  const [file] = files;
  if (alone && file !== undefined && files.length === 1 && (file.type !== undefined || file.size !== undefined)) {
    pieces.push(fileSharing.write(sharingOf(file)), bodyIsFallback);
  }
  return join(pieces);
}

function sharingOf(link: FileLink): FileSharing {
  const { url, name, type, size, width, height, lengthMs, description, isSpoiler } = link;
  const isShown = isSpoiler !== true && type !== undefined && /^(?:image|video|audio)\//.test(type);
  const about = {
    ...(type !== undefined && { mediaType: type }),
    name,
    ...(size !== undefined && { size }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
    ...(lengthMs !== undefined && { length: lengthMs }),
    ...(description !== undefined && { desc: description }),
  };
  return { disposition: isShown ? 'inline' : 'attachment', file: about, sources: { urls: [{ target: url }] } };
}
