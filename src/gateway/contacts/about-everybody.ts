/** What clients ask in one breath about everybody whom they see: cards (XEP-0054 §3.3) and what stands in nodes, pictures above all (XEP-0084 §4.3). */
import { firstChild } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { VCARD } from '../../xmpp/xep/0054-vcard.ts';
import { PUBSUB } from '../../xmpp/xep/0060-pubsub.ts';

const asked: ReadonlySet<string> = new Set([VCARD, PUBSUB]);

/** Is it one of many that come together? */
export const isAboutEverybody = ({ el }: Stanza): boolean => asked.has(firstChild(el)?.ns ?? '');
