/** What of a message anybody would miss: words and deeds, or at least who is writing them. */
import type { Element } from '../../xml/element.ts';
import { DATA_FORMS } from '../../xmpp/xep/0004-data-forms.ts';
import { MUC_USER } from '../../xmpp/xep/0045-muc.ts';
import { OOB } from '../../xmpp/xep/0066-oob.ts';
import { chatStateIn } from '../../xmpp/xep/0085-chat-states.ts';
import { CONFERENCE } from '../../xmpp/xep/0249-direct-invitations.ts';
import { displayed } from '../../xmpp/xep/0333-markers.ts';
import { REFERENCES } from '../../xmpp/xep/0372-references.ts';
import { encryptedNamespaces } from '../../xmpp/xep/0380-encryption.ts';
import { RETRACTION } from '../../xmpp/xep/0424-retraction.ts';
import { FASTEN } from '../../xmpp/xep/0425-moderation.ts';
import { REACTIONS } from '../../xmpp/xep/0444-reactions.ts';
import { FILE_SHARING } from '../../xmpp/xep/0447-file-sharing.ts';

const known: ReadonlySet<string> = new Set([
  DATA_FORMS,
  MUC_USER,
  CONFERENCE,
  RETRACTION,
  FASTEN,
  REACTIONS,
  FILE_SHARING,
  REFERENCES,
  OOB,
  ...encryptedNamespaces,
]);

/** Has it something that a person or a feature of ours would miss if it vanished? */
export function matters(el: Element): boolean {
  for (const node of el.children) {
    if (typeof node === 'string') continue;
    if (node.ns === el.ns ? node.name === 'body' || node.name === 'subject' : known.has(node.ns)) return true;
  }
  return false;
}

/** Worth nothing late, and no message: whether somebody is writing, and what they have read. */
export const isFleeting = (el: Element): boolean =>
  !matters(el) && (chatStateIn(el) !== undefined || displayed.has(el));
