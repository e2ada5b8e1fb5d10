/**
 * A conversation's archive (XEP-0313), at the contact's address: what their own server may not have, for it keeps neither what was said on the network
 * elsewhere nor, perhaps, anything (src/design/archives-of-contacts.md). Both of the two can be named in a query, and are all there is (§4.1.1).
 */
import type { ChatId } from '../../core/ids.ts';
import { STANZA_IDS } from '../../xmpp/xep/0359-stanza-ids.ts';
import { type ArchiveOf, archiveFeatures } from '../archive-query.ts';
import type { AccountKey } from '../face.ts';
import { toldBefore } from '../rooms/archived.ts';
import { atResource } from './addresses.ts';

/** What is announced of a contact where conversations are kept. */
export const contactArchiveFeatures: readonly string[] = [...archiveFeatures, STANZA_IDS];

/** @param contact their bare address */
export const archiveOfContact = (account: AccountKey, chat: ChatId, contact: string): ArchiveOf => ({
  account,
  chat,
  reachesBack: false,
  whose: ({ bare }) => (bare === contact || bare === account.owner ? {} : { ids: [] }),
  told(row) {
    const body = toldBefore(contact, row);
    const [from, to] = row.by === undefined ? [account.owner, contact] : [atResource(contact), account.owner];
    return body === undefined ? undefined : { from, to, type: 'chat', body };
  },
});
