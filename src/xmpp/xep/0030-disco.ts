/** XEP-0030 Service Discovery, version 2.5.0: info (§3) and items (§4). */
import { all, attr, element, maybe, optionalAttr, type TypeOf } from '../codec.ts';
import { dataForm } from './0004-data-forms.ts';
import { resultSet } from './0059-result-sets.ts';

export const DISCO_INFO = 'http://jabber.org/protocol/disco#info';
export const DISCO_ITEMS = 'http://jabber.org/protocol/disco#items';

export const identity = element(DISCO_INFO, 'identity', {
  category: attr('category'),
  type: attr('type'),
  name: optionalAttr('name'),
  lang: optionalAttr('xml:lang'),
});
export type Identity = TypeOf<typeof identity>;

const feature = element(DISCO_INFO, 'feature', { var: attr('var') });

/** The question (nothing in it but a node) and the answer; forms as in XEP-0128. */
export const discoInfo = element(DISCO_INFO, 'query', {
  node: optionalAttr('node'),
  identities: all(identity),
  features: all(feature),
  forms: all(dataForm),
});

const item = element(DISCO_ITEMS, 'item', { jid: attr('jid'), node: optionalAttr('node'), name: optionalAttr('name') });

export const discoItems = element(DISCO_ITEMS, 'query', {
  node: optionalAttr('node'),
  items: all(item),
  set: maybe(resultSet),
});
export type DiscoItems = TypeOf<typeof discoItems>;
