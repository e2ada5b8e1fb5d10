/** What a client shows of itself (RFC 6121 §4.7.2), and what several clients of one person show together. */
import type { FleetingIntent } from '../core/intent.ts';
import type { Element } from '../xml/element.ts';
import { ownCopy } from '../xml/own-copy.ts';
import { childText } from '../xml/query.ts';
import { empty, type Xml, xml } from '../xml/writer.ts';

/** Absent `show` in a presence is 'online'. */
export type Shown = Omit<Extract<FleetingIntent, { kind: 'presence' }>, 'kind'>;

/** Before anything is known. */
export const online: Shown = { show: 'online' };

const shows: ReadonlySet<string> = new Set(['chat', 'away', 'xa', 'dnd']);
const isShow = (text: string): text is Shown['show'] => shows.has(text);

/** Longer ones are cut: every occupant gets a copy. */
const statusAtMost = 1000;

/** What an available presence says of its sender. */
export function shownIn(presence: Element): Shown {
  const text = childText(presence, 'show')?.trim() ?? '';
  const status = childText(presence, 'status')?.slice(0, statusAtMost);
  const show = isShow(text) ? text : 'online';
  return status === undefined || status === '' ? { show } : { show, status: ownCopy(status) };
}

/** The same as markup. */
export function writeShown({ show, status }: { readonly show?: string; readonly status?: string }): Xml {
  if ((show === undefined || show === 'online') && status === undefined) return empty;
  const word =
    show === undefined || show === 'online' ? undefined : xml`<show>${show === 'offline' ? 'xa' : show}</show>`;
  return xml`${word}${status === undefined ? undefined : xml`<status>${status}</status>`}`;
}

/** From the most reachable on. */
const order: readonly Shown['show'][] = ['chat', 'online', 'dnd', 'away', 'xa'];

/** Of several clients the most reachable speaks for all: the person is away only when all of them are. Of none: online. */
export function together(all: Iterable<Shown>): Shown {
  let best: Shown | undefined;
  for (const one of all) {
    if (best === undefined || order.indexOf(one.show) < order.indexOf(best.show)) best = one;
  }
  return best ?? online;
}

/** Of those clients, by their full JIDs, whom to ask something: of those who are there most the last one that came. @param shown of who is not in it: online */
export function mostReachable(clients: Iterable<string>, shown: ReadonlyMap<string, Shown>): string | undefined {
  let best: { readonly client: string; readonly rank: number } | undefined;
  for (const client of clients) {
    const rank = order.indexOf((shown.get(client) ?? online).show);
    if (best === undefined || rank <= best.rank) best = { client, rank };
  }
  return best?.client;
}

/** Do they look alike? */
export const sameShown = (a: Shown, b: Shown): boolean => a.show === b.show && a.status === b.status;
