/** XEP-0394 Message Markup, version 0.3.0: §4, formatting beside the body. Offsets count code points of it (XEP-0426). */
import { all, attr, element, flag, type TypeOf, whole } from '../codec.ts';

export const MARKUP = 'urn:xmpp:markup:0';

const range = { start: attr('start', whole), end: attr('end', whole) };
const span = element(MARKUP, 'span', {
  ...range,
  strong: flag('strong'),
  emphasis: flag('emphasis'),
  code: flag('code'),
  deleted: flag('deleted'),
});
const bcode = element(MARKUP, 'bcode', range);
const bquote = element(MARKUP, 'bquote', range);

/** Lists are not read: the text has its bullets. */
export const markup = element(MARKUP, 'markup', { quotes: all(bquote), blocks: all(bcode), spans: all(span) });
export type Markup = TypeOf<typeof markup>;
export type Span = TypeOf<typeof span>;
