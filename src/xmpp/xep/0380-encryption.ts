/** XEP-0380 Explicit Message Encryption, version 0.4.0: §3 the mark, and how else an encrypted message is told (CHECKLIST 380-01). */
import type { Element } from '../../xml/element.ts';
import { child } from '../../xml/query.ts';
import { attr, element, optionalAttr, type TypeOf } from '../codec.ts';

export const EME = 'urn:xmpp:eme:0';

export const encryption = element(EME, 'encryption', { namespace: attr('namespace'), name: optionalAttr('name') });

/** §3, table of methods. */
const names: ReadonlyMap<string, string> = new Map([
  ['urn:xmpp:otr:0', 'OTR'],
  ['jabber:x:encrypted', 'OpenPGP'],
  ['urn:xmpp:openpgp:0', 'OpenPGP'],
  ['eu.siacs.conversations.axolotl', 'OMEMO'],
  ['urn:xmpp:omemo:0', 'OMEMO'],
  ['urn:xmpp:omemo:1', 'OMEMO'],
  ['urn:xmpp:omemo:2', 'OMEMO'],
]);

/** Of what a message has that only its recipient can read, and of the mark. */
export const encryptedNamespaces: Iterable<string> = [EME, ...names.keys()];

/** Data of a running OTR conversation, not an offer to begin one: between two it may pass where the network's clients speak OTR too. */
export const isOtrData = (body: string | undefined): boolean => body !== undefined && /^\?OTR[:,|]/.test(body);

/** How clients offer OTR unseen: blanks and tabs at the end of what is said, those of the protocol and then eight for each of its versions, which are four. */
const otrOffer = / \t {2}\t{4} \t \t \t {2}(?:[ \t]{8}){0,8}$/;

/** A body without what offers OTR in it. */
export const withoutOffer = (body: string): string =>
  body.endsWith(' ') || body.endsWith('\t') ? body.replace(otrOffer, '') : body;

export interface Encryption {
  /** For people. */
  readonly method: string;
  /** Holds keys only, nothing that was said (CHECKLIST 380-04). */
  readonly isEmpty: boolean;
}

const carriers: ReadonlyMap<string, string> = new Map([
  ['encrypted', ''],
  ['openpgp', 'urn:xmpp:openpgp:0'],
  ['x', 'jabber:x:encrypted'],
]);

const longestName = 40;

/** As it is called in the table; of what stands not in it what its sender calls it, which we are to say in our own words: a few, on one line. */
function methodOf({ namespace, name = '' }: TypeOf<typeof encryption>): string {
  const called = Array.from(name.slice(0, 1_000).replace(/\s+/g, ' ').trim()).slice(0, longestName).join('');
  return names.get(namespace) ?? (called === '' ? 'end-to-end' : called);
}

/** What only the recipient could read of a message, if anything. */
export function encryptionOf(message: Element, body: string | undefined): Encryption | undefined {
  for (const node of message.children) {
    if (typeof node === 'string') continue;
    const ns = carriers.get(node.name);
    if (ns === undefined || (ns !== '' && ns !== node.ns)) continue;
    const method = names.get(node.ns) ?? (node.ns.startsWith('urn:xmpp:sce') ? 'encrypted content' : undefined);
    if (method !== undefined) return { method, isEmpty: method === 'OMEMO' && child(node, 'payload') === undefined };
  }
  const mark = encryption.in(message);
  if (mark !== undefined) return { method: methodOf(mark), isEmpty: false };
  if (body?.startsWith('?OTR')) return { method: 'OTR', isEmpty: false };
  // The key is in the address, which would be told to everybody (CHECKLIST 447-12).
  if (body !== undefined && /(?:^|\s)aesgcm:\/\//i.test(body)) return { method: 'OMEMO', isEmpty: false };
  if (body?.startsWith('-----BEGIN PGP MESSAGE-----')) return { method: 'OpenPGP', isEmpty: false };
  return undefined;
}
