/** A room's archive (XEP-0313): what service discovery says of it, and how its rows are told (CHECKLIST 11.12). */
import type { Addresses } from '../../bridge/contract.ts';
import type { ChatId } from '../../core/ids.ts';
import type { ArchiveRow } from '../../storage/ports.ts';
import { empty, join, type Xml, xml } from '../../xml/writer.ts';
import { type ArchiveOf, archiveFeatures } from '../archive-query.ts';
import type { AccountKey } from '../face.ts';
import { shownAs } from '../shares.ts';
import { fromOf, pastOf, toldBefore } from './archived.ts';
import type { RoomFeature } from './feature.ts';

/** Announced where the room is recorded; the questions are answered by decode/iq-archive.ts, for rooms that are not open too. */
export const archive: RoomFeature = {
  features: ({ context }, room) => (pastOf(context, room).recorded ? archiveFeatures : []),
};

/** Whose archive it is, and what addresses there mean. */
export interface Where {
  readonly account: AccountKey;
  readonly domain: string;
  readonly addresses: Addresses;
}

/** Who said it (§6.1.2): everybody knows who is who here. */
function speakerOf(where: Where, { by, nick }: ArchiveRow): Xml {
  if (nick === '') return empty;
  const { addresses, domain } = where;
  const { on } = where.account;
  const local =
    by === undefined ? undefined : addresses.format({ is: 'person', id: by, ...(on !== undefined && { on }) });
  return xml`<x xmlns='http://jabber.org/protocol/muc#user'><item jid=${local === undefined ? shownAs(where) : `${local}@${domain}`}/></x>`;
}

/** Of a room; a query may name an occupant, a contact, oneself, or everybody in it, and of anybody else there is nothing (§4.1.1). */
export const archiveOfRoom = (where: Where, chat: ChatId, room: string): ArchiveOf => ({
  account: where.account,
  chat,
  reachesBack: true,
  whose(jid) {
    if (jid.bare === room) return jid.resource === '' ? {} : { with: { nick: jid.resource } };
    if (jid.bare === where.account.owner) return { with: { own: true } };
    const address = jid.domain === where.domain ? where.addresses.parse(jid.local) : undefined;
    const isThere = address?.is === 'person' && address.on === where.account.on;
    return isThere ? { with: { by: address.id } } : { ids: [] };
  },
  told(row) {
    const told = toldBefore(room, row);
    const body = told === undefined ? undefined : join([told, speakerOf(where, row)]);
    return body === undefined ? undefined : { from: fromOf(room, row), type: 'groupchat', body };
  },
});
