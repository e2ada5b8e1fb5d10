/** Pages of the archive of a MUC in memory (XEP-0313, with XEP-0059 forward). */
import type { Element } from '../../src/xml/element.ts';
import { child, textOf } from './markup.ts';

/** Something that was said. */
export interface Kept {
  readonly id: string;
  readonly at: Date;
  readonly stanza: Element;
}

export interface Page {
  readonly told: readonly Kept[];
  /** What ends it, as markup. */
  readonly fin: string;
}

/** What that query asks of it; undefined: it begins behind a message that is not kept. @param past the oldest first */
export function pageOf(query: Element, past: readonly Kept[]): Page | undefined {
  const set = child(query, 'set');
  const after = textOf(child(set, 'after'));
  const max = Number(textOf(child(set, 'max')));
  const fields = child(query, 'x')?.children.filter((one) => typeof one !== 'string');
  const start = fields?.find(({ attrs }) => attrs.var === 'start');
  const from = Date.parse(textOf(child(start, 'value')) || '1970-01-01');
  const begin = after === '' ? 0 : past.findIndex(({ id }) => id === after) + 1;
  if (after !== '' && begin === 0) return undefined;
  const rest = past.slice(begin).filter(({ at }) => at.getTime() >= from);
  const told = rest.slice(0, max);
  const last = told.at(-1)?.id;
  const end = `<set xmlns='http://jabber.org/protocol/rsm'>${last === undefined ? '' : `<last>${last}</last>`}</set>`;
  const fin = `<fin xmlns='urn:xmpp:mam:2'${told.length === rest.length ? ` complete='true'` : ''}>${end}</fin>`;
  return { told, fin };
}
