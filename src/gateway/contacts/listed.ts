/** What clients are told of people whom the network has on its own list: never that they were let in unasked (CHECKLIST 7.2 to 7.4, ROS-10). */
import { chatId, type PersonId, theServer } from '../../core/ids.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { rosterExchange, type SuggestedItem } from '../../xmpp/xep/0144-roster-exchange.ts';
import { nickElement } from '../../xmpp/xep/0172-nick.ts';
import { placeName } from '../labels.ts';
import type { FaceState } from '../rooms/feature.ts';
import { clientJid, contactAddress } from './addresses.ts';

/** What they are called, as far as the network has said; else their id, and the server's own name. */
export function nameOf(face: FaceState, person: PersonId): string {
  const { account } = face.context;
  if (person === theServer) return placeName(account.on, face.context.domain);
  const said = face.names.get(person) ?? face.appearances.get(person)?.name ?? face.introduced.get(chatId(person));
  return said || nickOf(face, person) || person;
}

/** In a room. */
function nickOf({ rooms }: FaceState, person: PersonId): string | undefined {
  for (const { people } of rooms.values()) {
    const occupant = people.of(person);
    if (occupant !== undefined) return occupant.nick;
  }
  return undefined;
}

function toOwner({ context }: FaceState, person: PersonId, type: string, body: Xml = empty): Outgoing {
  return { kind: 'presence', from: contactAddress(context, person), to: [context.account.owner], type, body };
}

/** They are in the owner's contact list, with a subscription both ways: the owner is told how they are from now on. */
export function placeContact(face: FaceState, person: PersonId): void {
  face.asked.delete(person);
  if (!face.contacts.has(person)) face.contacts.set(person, undefined);
}

/** Asks the owner to let them see how the owner is; `text` is what they said with it (ROS-10, 172-01). */
export function askOwner(face: FaceState, person: PersonId, text?: string): readonly Outgoing[] {
  face.asked.add(person);
  const words = text === undefined || text === '' ? undefined : xml`<status>${text}</status>`;
  return [toOwner(face, person, 'subscribe', xml`${nickElement(nameOf(face, person))}${words}`)];
}

/** Gone from the network's list: unavailable, and where we can't take them out of the contact list ourselves, no subscription either way any more (ROS-22). */
export function dropContact(face: FaceState, person: PersonId, isTaken: boolean): readonly Outgoing[] {
  const shown = face.contacts.get(person);
  face.contacts.delete(person);
  face.names.delete(person);
  face.asked.delete(person);
  face.appearances.delete(person);
  face.announced.delete(person);
  const gone =
    shown !== undefined && shown.show !== 'offline'
      ? [{ ...toOwner(face, person, 'unavailable'), from: clientJid(face.context, person) }]
      : [];
  if (isTaken) return gone;
  return [...gone, toOwner(face, person, 'unsubscribe'), toOwner(face, person, 'unsubscribed')];
}

/** To one client, that it may add all of them at once (XEP-0144 §3); its user is asked by it. */
export const suggestion = (items: readonly SuggestedItem[]): Xml => rosterExchange.write({ items });
