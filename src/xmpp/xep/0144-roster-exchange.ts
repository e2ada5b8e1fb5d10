/** XEP-0144 Roster Item Exchange, version 1.1.1: contacts that a client is asked to add (§3). What it has been asked it shows its user. */
import { all, attr, element, oneOf, optionalAttr, type TypeOf, texts } from '../codec.ts';

export const ROSTER_EXCHANGE = 'http://jabber.org/protocol/rosterx';

const item = element(ROSTER_EXCHANGE, 'item', {
  action: optionalAttr('action', oneOf('add', 'delete', 'modify')),
  jid: attr('jid'),
  name: optionalAttr('name'),
  groups: texts('group'),
});

/** `<x/>`. Nothing in it says anything of subscriptions. */
export const rosterExchange = element(ROSTER_EXCHANGE, 'x', { items: all(item) });
/** One entry of it. */
export type SuggestedItem = TypeOf<typeof item>;
