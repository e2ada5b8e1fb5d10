/** Answers of service discovery (XEP-0030), built so that they keep its rules (§3.1): no double identity, no double feature, disco#info always among them. */
import type { Xml } from '../xml/writer.ts';
import type { DataForm } from '../xmpp/xep/0004-data-forms.ts';
import {
  DISCO_INFO,
  DISCO_ITEMS,
  type DiscoItems,
  type Identity,
  discoInfo as infoQuery,
  discoItems as itemsQuery,
} from '../xmpp/xep/0030-disco.ts';
import { OOB } from '../xmpp/xep/0066-oob.ts';
import { caps, capsVer } from '../xmpp/xep/0115-caps.ts';
import { SPOILERS } from '../xmpp/xep/0382-spoilers.ts';
import { FILE_SHARING } from '../xmpp/xep/0447-file-sharing.ts';
import { hashing } from './text/files.ts';

export { capsVer };

/** What stands before '#' in the node of our capabilities (XEP-0115 §4). */
export const CAPS_NODE = 'urn:isthmus:gateway';

export interface Info {
  readonly identities: readonly Identity[];
  readonly features: Iterable<string>;
  readonly forms?: readonly DataForm[];
  /** Mirrored (CHECKLIST 030-02). */
  readonly node?: string;
}

/** The same without doubles, sorted, with disco#info. */
export function tidy({ identities, features, forms = [] }: Info): {
  readonly identities: readonly Identity[];
  readonly features: readonly string[];
  readonly forms: readonly DataForm[];
} {
  const seen = new Set<string>();
  const distinct = identities.filter(({ category, type, lang = '' }) => {
    const key = `${category}/${type}/${lang}`;
    return !seen.has(key) && seen.add(key);
  });
  return { identities: distinct, features: [...new Set([DISCO_INFO, ...features])].sort(), forms };
}

/** `<query xmlns='…disco#info'/>` */
export function discoInfo(info: Info): Xml {
  const { identities, features, forms } = tidy(info);
  return infoQuery.write({
    ...(info.node !== undefined && { node: info.node }),
    identities,
    features: features.map((name) => ({ var: name })),
    forms,
  });
}

/** An answer without identities, for nodes that have none (CHECKLIST 45-13, 45-14). */
export const emptyInfo = (node: string): Xml => infoQuery.write({ node, identities: [], features: [], forms: [] });

/** `<query xmlns='…disco#items'/>`; empty where there is nothing (CHECKLIST 030-04). */
export const discoItems = (items: DiscoItems['items'], node?: string): Xml =>
  itemsQuery.write({ ...(node !== undefined && { node }), items });

/** What an address announces: the same for service discovery and for presence, so that the hash in the one is that of the other (CHECKLIST 115-01, 115-03). */
export interface Announced {
  readonly info: Info;
  readonly ver: string;
  /** For presence. */
  readonly caps: Xml;
}

/** Whoever announces another thing has another hash. */
export function announced(info: Info): Announced {
  const ver = capsVer(tidy(info));
  return { info, ver, caps: caps.write({ hash: 'sha-1', node: CAPS_NODE, ver }) };
}

/** The node at which somebody asks for what presence announced. */
export const capsNode = ({ ver }: Announced): string => `${CAPS_NODE}#${ver}`;

// ── what we do without an iq of its own; the rest stands beside its handler in decode/iq-*.ts ──

/** Rooms live on the service (presence.ts, rooms/), and localparts are escaped (core/localpart.ts, CHECKLIST JID-11). */
export const serviceFeatures: readonly string[] = [
  'http://jabber.org/protocol/muc',
  'http://jabber.org/protocol/muc#stable_id',
  'http://jabber.org/protocol/caps',
  'jid\\20escaping',
];

/** Receipts of direct messages (decode/message.ts, contacts/direct.ts), invitations (decode/invitations.ts), spoilers (text/spoilers.ts), files (text/files.ts). */
export const contactFeatures: readonly string[] = [
  'urn:xmpp:receipts',
  'jabber:x:conference',
  SPOILERS,
  OOB,
  FILE_SHARING,
  ...hashing,
];

/** What is announced of a room that is not open here: one of each pair of CHECKLIST 45-10, as channels are by default. */
export const closedRoomFlags: readonly string[] = [
  'muc_public',
  'muc_persistent',
  'muc_open',
  'muc_unmoderated',
  'muc_nonanonymous',
  'muc_unsecured',
];

export { DISCO_INFO, DISCO_ITEMS };
