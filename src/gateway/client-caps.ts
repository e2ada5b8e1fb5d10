/** What clients say that they can do (XEP-0115): announced in their presence, asked for by disco#info, believed by its hash (CHECKLIST 115-05). */
import type { Element } from '../xml/element.ts';
import { ownCopy } from '../xml/own-copy.ts';
import type { Xml } from '../xml/writer.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { discoInfo } from '../xmpp/xep/0030-disco.ts';
import { type Caps, caps, capsVer, isIllFormed } from '../xmpp/xep/0115-caps.ts';
import { nodesWanted } from '../xmpp/xep/0163-pep.ts';

export { type Caps, nodesWanted };

/** A client that comes to, or goes from, a contact or the service; `caps`: absent where it says nothing of them, or goes. */
export interface ClientSeen {
  readonly client: string;
  /** Whom it told. */
  readonly by: string;
  readonly isHere: boolean;
  readonly caps?: Caps;
}

/** A hash, and the address of a program: longer ones are neither, and would be kept for as long as the client is there. */
const longestCaps = 1_000;

/** What that presence announces; undefined: nothing. */
export function capsIn({ kind, type, el }: Stanza): Caps | undefined {
  const said = kind === 'presence' && type === undefined ? caps.in(el) : undefined;
  if (said === undefined) return undefined;
  const { hash, node, ver } = said;
  if (node.length + ver.length + (hash?.length ?? 0) > longestCaps) return undefined;
  return { ...(hash !== undefined && { hash: ownCopy(hash) }), node: ownCopy(node), ver: ownCopy(ver) };
}

/** undefined: the stanza is nothing of the kind; presence to somebody in a room is none. */
export function clientIn(stanza: Stanza): ClientSeen | undefined {
  const { kind, type, from, to } = stanza;
  if (kind !== 'presence' || from.local === '' || from.resource === '' || to.resource !== '') return undefined;
  if (type !== undefined && type !== 'unavailable') return undefined;
  const said = capsIn(stanza);
  return { client: from.full, by: to.bare, isHere: type === undefined, ...(said !== undefined && { caps: said }) };
}

/** What to ask a client to learn what is behind its capabilities. */
export const capsQuestion = ({ node, ver }: Caps): Xml =>
  discoInfo.write({ node: `${node}#${ver}`, identities: [], features: [], forms: [] });

/** The features, by the answer; `holds`: the hash is right, so it is so for all who say the same. undefined: no answer. */
export function readCaps(
  payload: Element | undefined,
  { hash, ver }: Caps,
): { readonly features: ReadonlySet<string>; readonly holds: boolean } | undefined {
  const info = payload === undefined ? undefined : discoInfo.read(payload);
  if (info === undefined) return undefined;
  const features = info.features.map((feature) => feature.var);
  const told = { ...info, features };
  const holds = hash === 'sha-1' && !isIllFormed(told) && capsVer(told) === ver;
  return { features: new Set(features), holds };
}
