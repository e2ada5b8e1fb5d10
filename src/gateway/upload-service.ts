/** The upload service of a server (XEP-0363 §3): found among what the server says to have, and asked for slots. */
import type { Element } from '../xml/element.ts';
import type { Xml } from '../xml/writer.ts';
import { discoInfo, discoItems } from '../xmpp/xep/0030-disco.ts';
import {
  HTTP_UPLOAD,
  largestIn,
  type Slot,
  slotIn,
  slotRequest,
  type UploadFile,
} from '../xmpp/xep/0363-http-upload.ts';

export type { Slot, UploadFile };
export { slotIn, slotRequest };

/** What a server has to let us ask for in its users' names (CHECKLIST 363-03). */
export const uploadNs = HTTP_UPLOAD;

/** More services than any server has. */
const servicesAtMost = 30;

/** What is at a server; and what one of those can do. */
export const askForServices: Xml = discoItems.write({ items: [] });
export const askForFeatures: Xml = discoInfo.write({ identities: [], features: [], forms: [] });

/** Their addresses: its own as well, for it may be the service itself. */
export function servicesIn(query: Element | undefined, server: string): readonly string[] {
  const items = (query && discoItems.read(query)?.items) ?? [];
  const found = items.flatMap(({ jid, node }) => (node === undefined && !jid.includes('@') ? [jid] : []));
  return [...new Set([...found.slice(0, servicesAtMost), server])];
}

/** It takes files. `largest`: octets; absent: it does not say. */
export function uploadsIn(query: Element | undefined): { readonly largest?: number } | undefined {
  const read = query && discoInfo.read(query);
  if (read === undefined || !read.features.some((one) => one.var === HTTP_UPLOAD)) return undefined;
  const largest = largestIn(read.forms);
  return largest === undefined ? {} : { largest };
}
