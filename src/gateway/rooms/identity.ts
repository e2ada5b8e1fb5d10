/**
 * What an occupant-id is made of (XEP-0421 §4.1, CHECKLIST 421-03): the account where somebody is logged in, else the address, else the person's id as it was
 * when they came in. It outlives changes of nick; nobody else in the room has the same.
 */
import type { Member } from '../../core/event.ts';
import type { Occupant, Room } from './room.ts';

type Known = Pick<Member, 'account' | 'address'>;

function wishedFor(person: Occupant['person'], { account, address }: Known): string {
  if (account !== undefined) return `account ${account}`;
  return address === undefined ? person : `address ${address}`;
}

/** Nobody else's in the room: the second with one account or one address has the person's id behind it. */
export function identityOf(room: Room, person: Occupant['person'], known: Known): string {
  const wished = wishedFor(person, known);
  if (!room.people.isTaken(wished, person)) return wished;
  const own = wished === person ? wished : `${wished} ${person}`;
  let identity = own;
  for (let again = 2; room.people.isTaken(identity, person); again++) identity = `${own} ${again}`;
  return identity;
}

/** What changes of theirs with these facts. Who logs in is from then on who the account is, and of whom nothing was known who the address is, as when they come again. Who logs out or changes address stays. */
export function identified(room: Room, occupant: Occupant, facts: Occupant['facts']): Partial<Occupant> {
  const { account, address } = facts;
  const before = occupant.facts;
  const loggedIn = account !== undefined && account !== before.account;
  const isFresh = before.account === undefined && before.address === undefined;
  if (!loggedIn && (!isFresh || address === undefined)) return {};
  const identity = identityOf(room, occupant.person, facts);
  return occupant === room.me ? { identity } : { identity, id: undefined };
}
