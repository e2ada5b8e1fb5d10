/** The nicks in what a network tells, as XMPP servers pass them on (CHECKLIST JID-04). Bridges whose people have names see to it themselves, for two may become one; here it is for nicks that a network lets through. */
import type { Member, MemberChange, NetworkEvent } from '../core/event.ts';
import { encodeLocal } from '../core/localpart.ts';
import { asResource } from '../core/resource.ts';

/** Of a nick nothing of which is left, what an address would be. */
const passable = (nick: string): string => (nick === '' ? nick : asResource(nick) || encodeLocal(nick));

/** The same object where there is nothing to change, as nearly always. */
export function withPassableNick<One extends Pick<Member, 'nick'>>(one: One): One {
  const nick = passable(one.nick);
  return nick === one.nick ? one : { ...one, nick };
}

function inChange(change: MemberChange): MemberChange {
  if (change.is === 'renamed') return withPassableNick(change);
  if (change.is !== 'in') return change;
  const member = withPassableNick(change.member);
  return member === change.member ? change : { ...change, member };
}

const inChanges = (changes: readonly MemberChange[]): readonly MemberChange[] =>
  changes.every((change) => inChange(change) === change) ? changes : changes.map(inChange);

/** Whatever happens. */
export function withPassableNicks(event: NetworkEvent): NetworkEvent {
  if (event.kind === 'message') return withPassableNick(event);
  if (event.kind === 'members') {
    const changes = inChanges(event.changes);
    return changes === event.changes ? event : { ...event, changes };
  }
  const { topicBy } = event.kind === 'room' ? event.change : {};
  if (event.kind !== 'room' || topicBy === undefined || passable(topicBy) === topicBy) return event;
  return { ...event, change: { ...event.change, topicBy: passable(topicBy) } };
}
