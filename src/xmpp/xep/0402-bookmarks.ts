/** XEP-0402 PEP Native Bookmarks, version 1.2.0: §3.3 to §3.5, a room among its user's bookmarks, added, renamed and taken out. */
import type { Element } from '../../xml/element.ts';
import { child } from '../../xml/query.ts';
import { empty, write, xml } from '../../xml/writer.ts';
import { type DataForm, typedForm, valueField } from './0004-data-forms.ts';
import { type Item, PUBLISH_OPTIONS } from './0060-pubsub.ts';

/** The node, and the namespace of what is in it. */
export const BOOKMARKS = 'urn:xmpp:bookmarks:1';

/** A room as it is put there. */
export interface Bookmark {
  readonly jid: string;
  readonly name: string;
  readonly nick?: string | undefined;
}

/** To be entered by all clients. */
export const bookmarkItem = ({ jid, name, nick }: Bookmark): Item => ({
  id: jid,
  payload: xml`<conference xmlns='urn:xmpp:bookmarks:1' name=${name} autojoin='true'>${
    nick === undefined ? empty : xml`<nick>${nick}</nick>`
  }</conference>`,
});

/** The one in a `<pubsub/>`; undefined: there is none. */
export function bookmarkIn(pubsub: Element | undefined, jid: string): Element | undefined {
  const items = pubsub && child(pubsub, 'items');
  const item = items?.children.find((one) => typeof one !== 'string' && one.name === 'item' && one.attrs.id === jid);
  return item === undefined || typeof item === 'string' ? undefined : child(item, 'conference', BOOKMARKS);
}

/** §3.4: another name; whatever else its user or a client has put there stays. */
export const renamedItem = (jid: string, conference: Element, name: string): Item => ({
  id: jid,
  payload: write({ ...conference, attrs: { ...conference.attrs, name } }),
});

/** §3.3: all are kept, for nobody but their user, and none is sent by itself. */
export const bookmarkOptions: DataForm = typedForm('submit', PUBLISH_OPTIONS, [
  valueField('pubsub#persist_items', ['true']),
  valueField('pubsub#max_items', ['max']),
  valueField('pubsub#send_last_published_item', ['never']),
  valueField('pubsub#access_model', ['whitelist']),
]);
