/** A contact as an entry of its owner's contact list, and what is asked of the server about it (XEP-0356 §4.3, RFC 6121 §2). */
import type { Element } from '../../xml/element.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { type RosterItem, rosterItems, rosterQuery } from '../../xmpp/roster.ts';

export type { RosterItem };

/** How somebody stands in a list: what they are called, and under which headings. */
export interface Entry {
  readonly name: string;
  readonly groups: readonly string[];
}

const nameAtMost = 200;
const groupAtMost = 100;
const groupsAtMost = 10;

/** What a network says, cut to what a contact list bears; whoever has no name is called by their id. */
export function entryOf(name: string | undefined, groups: readonly string[] | undefined, id: string): Entry {
  const shown = (name ?? '').trim().slice(0, nameAtMost);
  const under = (groups ?? []).map((one) => one.trim().slice(0, groupAtMost)).filter((one) => one !== '');
  return { name: shown === '' ? id : shown, groups: [...new Set(under)].slice(0, groupsAtMost) };
}

/** The same name and the same headings, in whatever order. */
export const sameEntry = (a: Entry, b: Entry): boolean =>
  a.name === b.name && [...a.groups].sort().join('\n') === [...b.groups].sort().join('\n');

/** Of an entry that is there: what it says. */
export const entryIn = ({ name = '', groups }: RosterItem): Entry => ({ name, groups });

/** The list, or our part of it; and the request for it. */
export const allEntries: Outgoing['body'] = rosterQuery();
export const entriesIn = (query: Element | undefined, domain: string): ReadonlyMap<string, RosterItem> =>
  rosterItems(query, domain);

/** To set one, with a subscription both ways. One in each request (356-11). */
export const settingOf = (jid: string, { name, groups }: Entry): Outgoing['body'] =>
  rosterQuery({ jid, name, subscription: 'both', groups });

/** To take one away. */
export const removalOf = (jid: string): Outgoing['body'] => rosterQuery({ jid, subscription: 'remove', groups: [] });

/**
 * What becomes of an entry that is there when the network calls somebody something else: what its owner changed stays (356-12).
 * @param before what we had put there
 */
export function merged(there: Entry, before: Entry | undefined, now: Entry): Entry {
  if (before === undefined) return { name: there.name === '' ? now.name : there.name, groups: keptGroups(there, now) };
  const isOurs = (a: readonly string[], b: readonly string[]): boolean =>
    sameEntry({ name: '', groups: a }, { name: '', groups: b });
  return {
    name: there.name === before.name || there.name === '' ? now.name : there.name,
    groups: isOurs(there.groups, before.groups) ? now.groups : there.groups,
  };
}

const keptGroups = (there: Entry, now: Entry): readonly string[] =>
  there.groups.length === 0 ? now.groups : there.groups;
