/** XEP-0060 Publish-Subscribe, version 1.30.0: §6.5, asking for items, §7.1.2.1, being told of them, §7.1.5 and §7.2, putting one there and taking it out. */
import type { Element } from '../../xml/element.ts';
import { child, children, firstChild } from '../../xml/query.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import { type DataForm, dataForm } from './0004-data-forms.ts';

export const PUBSUB = 'http://jabber.org/protocol/pubsub';
export const PUBSUB_EVENT = 'http://jabber.org/protocol/pubsub#event';

/** What kind of form says how a node has to be (§7.1.5). */
export const PUBLISH_OPTIONS = 'http://jabber.org/protocol/pubsub#publish-options';

/** With its payload. */
export interface Item {
  readonly id: string;
  readonly payload: Xml;
}

const written = ({ id, payload }: Item): Xml => xml`<item id=${id}>${payload}</item>`;

/** `<pubsub/>` that asks for a node's items: all, or one. */
export const itemsRequest = (node: string, id?: string): Xml =>
  id === undefined
    ? xml`<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node=${node} max_items='1'/></pubsub>`
    : xml`<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node=${node}><item id=${id}/></items></pubsub>`;

/** Which items of which node a `<pubsub/>` asks for; none named: all. undefined: it asks for something else. */
export function itemsAskedFor(pubsub: Element): { readonly node: string; readonly ids: readonly string[] } | undefined {
  const items = child(pubsub, 'items');
  const node = items?.attrs.node;
  if (items === undefined || node === undefined) return undefined;
  return { node, ids: children(items, 'item').flatMap(({ attrs: { id } }) => id ?? []) };
}

/** §6.5.2. @param set of a page, what the answer says of it (§6.5.4) */
export const itemsResult = (node: string, items: readonly Item[], set: Xml = empty): Xml =>
  xml`<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node=${node}>${items.map(written)}</items>${set}</pubsub>`;

/** §7.1.2.1 */
export const itemsEvent = (node: string, item: Item): Xml =>
  xml`<event xmlns='http://jabber.org/protocol/pubsub#event'><items node=${node}>${written(item)}</items></event>`;

/** The first item in a `<pubsub/>` or an `<event/>`, with its payload; undefined: there is none. */
export function itemIn(
  around: Element,
): { readonly node: string; readonly id: string | undefined; readonly payload: Element } | undefined {
  const items = child(around, 'items');
  const item = items === undefined ? undefined : child(items, 'item');
  const payload = item === undefined ? undefined : firstChild(item);
  if (items?.attrs.node === undefined || payload === undefined) return undefined;
  return { node: items.attrs.node, id: item?.attrs.id, payload };
}

/** §7.1.5: the node is made so where there is none; one that is otherwise refuses. */
export const publishRequest = (node: string, item: Item, options: DataForm): Xml =>
  xml`<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node=${node}>${written(item)}</publish><publish-options>${dataForm.write(options)}</publish-options></pubsub>`;

/** §7.2: whoever is subscribed is told. */
export const retractRequest = (node: string, id: string): Xml =>
  xml`<pubsub xmlns='http://jabber.org/protocol/pubsub'><retract node=${node} notify='true'><item id=${id}/></retract></pubsub>`;
