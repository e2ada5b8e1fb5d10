/** Whence the network speaks in conversations: its people as contacts, its server as itself; and the one resource of all of them (src/design/one-resource.md). */
import { type PersonId, theServer } from '../../core/ids.ts';
import type { Jid } from '../../xmpp/jid.ts';
import type { FaceContext } from '../face.ts';

/** Where contacts, servers and the gateway are, as clients see it (CHECKLIST PRE-02). Never to be another one: who was there would seem to stay beside who is. */
const ourResource = 'gateway';

/** Where somebody is whose address that is; one that has a resource already is the whole of it. */
export const atResource = (address: string): string => (address.includes('/') ? address : `${address}/${ourResource}`);

/** Whom of a server's people an address with a resource means; '': the server itself. */
export const nickAt = ({ resource }: Jid): string => (resource === ourResource ? '' : resource);

/** Whose conversations they are. */
type Speaker = Pick<FaceContext, 'account' | 'addresses' | 'domain'>;

/** The server's JID; the bare domain where the network has one server only. */
export function serviceJid({ account: { on }, addresses, domain }: Speaker): string {
  const local = addresses.format(on === undefined ? { is: 'service' } : { is: 'service', on });
  return local === '' ? domain : `${local}@${domain}`;
}

/** Of whoever is in the owner's contact list: a person, or the server itself. */
export const contactAddress = (context: Speaker, person: PersonId): string =>
  person === theServer ? serviceJid(context) : personJid(context, person);

/** Whence their presence comes, and what they say. */
export const clientJid = (context: Speaker, person: PersonId): string => atResource(contactAddress(context, person));

/** A person's JID, to which can be answered: for names that would lead elsewhere as a localpart, the server's with the name behind it. */
export function personJid(context: Speaker, person: PersonId): string {
  const { account, addresses, domain } = context;
  const { on } = account;
  const local = addresses.format(on === undefined ? { is: 'person', id: person } : { is: 'person', id: person, on });
  return addresses.parse(local)?.is === 'person' ? `${local}@${domain}` : `${serviceJid(context)}/${person}`;
}
