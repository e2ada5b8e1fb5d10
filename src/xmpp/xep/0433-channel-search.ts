/** XEP-0433 Extended Channel Search, version 0.1.0: the search (§4.2) and its result (§6.2). */
import { all, attr, childText, element, maybe, whole } from '../codec.ts';
import { dataForm } from './0004-data-forms.ts';
import { resultSet } from './0059-result-sets.ts';

export const CHANNEL_SEARCH = 'urn:xmpp:channel-search:0:search';
/** §6.1: the form's type, the sort keys' namespace, and that of the errors. */
export const SEARCH_PARAMS = 'urn:xmpp:channel-search:0:search-params';
export const ORDER = 'urn:xmpp:channel-search:0:order';

export const channelSearch = element(CHANNEL_SEARCH, 'search', { set: maybe(resultSet), form: maybe(dataForm) });

const item = element(CHANNEL_SEARCH, 'item', {
  address: attr('address'),
  name: childText('name'),
  description: childText('description'),
  nusers: childText('nusers', whole),
  serviceType: childText('service-type'),
});

export const channelResult = element(CHANNEL_SEARCH, 'result', { items: all(item), set: maybe(resultSet) });
