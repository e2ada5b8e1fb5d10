/** XEP-0059 Result Set Management, version 1.0: requests for a page (§2.2 to §2.6) and what a page says of itself. */
import { childText, element, maybe, optionalAttr, type TypeOf, text, whole } from '../codec.ts';

export const RSM = 'http://jabber.org/protocol/rsm';

const first = element(RSM, 'first', { index: optionalAttr('index', whole), id: text() });

/** In a request an empty `before` asks for the last page (§2.5). */
export const resultSet = element(RSM, 'set', {
  after: childText('after'),
  before: childText('before'),
  index: childText('index', whole),
  max: childText('max', whole),
  first: maybe(first),
  last: childText('last'),
  count: childText('count', whole),
});
export type ResultSet = TypeOf<typeof resultSet>;
