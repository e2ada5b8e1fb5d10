/** XEP-0503 Server-side Spaces, version 0.3.0: what a node says of itself that is a space (§5.2), the rooms in it (§5.4), and what a room says of its space (§5.5). */
import { xml } from '../../xml/writer.ts';
import { type DataForm, type Field, typedForm, valueField } from './0004-data-forms.ts';
import { type Item, PUBSUB } from './0060-pubsub.ts';

export const SPACES = 'urn:xmpp:spaces:0';

/** §5.2, §3: what there is to know of the node. It is shown to those alone who may see it. */
export const spaceMetadata = (title: string): DataForm =>
  typedForm('result', `${PUBSUB}#meta-data`, [
    valueField('pubsub#type', [SPACES], 'text-single'),
    valueField('pubsub#title', [title], 'text-single'),
    valueField('pubsub#access_model', ['whitelist'], 'list-single'),
  ]);

/** §5.4: a room, wrapped as a bookmark (XEP-0402). */
export const roomItem = (jid: string, name: string): Item => ({
  id: jid,
  payload: xml`<conference xmlns='urn:xmpp:bookmarks:1' name=${name}/>`,
});

/** A node's address (RFC 5122, XEP-0060 §12.22). @param local '' where the service is a domain */
export const nodeAddress = (local: string, domain: string, node: string): string =>
  `xmpp:${local === '' ? '' : `${encodeURIComponent(local)}@`}${domain}?;node=${encodeURIComponent(node)}`;

/** §5.5, in a form of its own. */
export const parentForm = (address: string): DataForm =>
  typedForm('result', SPACES, [valueField('parent', [address], 'text-single')]);

/** §5.5, among the room's information. */
export const parentField = (address: string): Field => valueField('muc#roomconfig_pubsub', [address], 'text-single');
