/** XEP-0157 Contact Addresses for XMPP Services, version 1.1.1: §3, whom to turn to, as a form in disco#info (XEP-0128). */
import { type DataForm, typedForm, valueField } from './0004-data-forms.ts';

export const SERVER_INFO = 'http://jabber.org/network/serverinfo';

export type ContactKind = 'abuse' | 'admin' | 'feedback' | 'sales' | 'security' | 'status' | 'support';
/** URIs: `xmpp:`, `mailto:`, `https:`. */
export type Contacts = Readonly<Partial<Record<ContactKind, readonly string[]>>>;

/** undefined where there is nobody to name. */
export function serverInfo(contacts: Contacts): DataForm | undefined {
  const fields = Object.entries(contacts)
    .filter(([, uris]) => uris.length > 0)
    .map(([kind, uris]) => valueField(`${kind}-addresses`, uris, 'list-multi'));
  return fields.length === 0 ? undefined : typedForm('result', SERVER_INFO, fields);
}
