/** What contacts are called and look like: told in their presence (XEP-0153) and as events of their nodes to the clients that asked for them (XEP-0163 §4.3). */
import type { PersonId } from '../../core/ids.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { itemsEvent } from '../../xmpp/xep/0060-pubsub.ts';
import { AVATAR_METADATA } from '../../xmpp/xep/0084-user-avatar.ts';
import { NICK } from '../../xmpp/xep/0172-nick.ts';
import { photoOf } from '../photos.ts';
import type { EventOf, FaceState, Out } from '../rooms/feature.ts';
import { contactAddress } from './addresses.ts';
import { isBlocked } from './blocked.ts';
import { metadataItem, nickItem } from './node-items.ts';

/** What is known of somebody. */
export interface Appearance {
  readonly name?: string;
  /** As `Person.avatar`. */
  readonly avatar?: string | null;
}

/** A client that wants events. */
export interface Listener {
  readonly nodes: ReadonlySet<string>;
  /** The last item that it was sent, by node and contact (163-02). */
  readonly told: Map<string, string>;
}

/** More clients than anybody has; the oldest goes. */
const listenersAtMost = 50;

/** What the session told of a contact. True: how they look is another thing now, and can be said. */
export function learn(face: FaceState, { person, change }: EventOf<'person'>): boolean {
  if (!face.contacts.has(person)) return false;
  const before = face.appearances.get(person);
  const { name, avatar } = change;
  face.appearances.set(person, {
    ...before,
    ...(name !== undefined && { name }),
    ...(avatar !== undefined && { avatar }),
  });
  return avatar !== undefined && avatar !== before?.avatar && photoOf(face, avatar) !== 'unknown';
}

/** To everybody who listens, what they were not told yet (163-01, 163-02). */
export function tellListeners(face: FaceState, person: PersonId, out: Out): void {
  for (const client of face.listeners.keys()) tellListener(face, client, person, out);
}

function tellListener(face: FaceState, client: string, person: PersonId, out: Out): void {
  const listener = face.listeners.get(client);
  const appearance = face.appearances.get(person);
  if (listener === undefined || appearance === undefined || face.session === undefined || isBlocked(face, person))
    return;
  const items = [
    [AVATAR_METADATA, metadataItem(face, appearance.avatar)],
    [NICK, nickItem(appearance.name)],
  ] as const;
  for (const [node, item] of items) {
    const key = `${node} ${person}`;
    const mark = item?.payload.text;
    if (item === undefined || mark === undefined || !listener.nodes.has(node) || listener.told.get(key) === mark)
      continue;
    listener.told.set(key, mark);
    const from = contactAddress(face.context, person);
    const body = itemsEvent(node, item);
    out.stanzas.push({ kind: 'message', type: 'headline', from, to: [client], id: face.context.newId(), body });
  }
}

/** A client wants the events of these nodes; none: no more. */
export function listen(face: FaceState, client: string, nodes: ReadonlySet<string>): readonly Outgoing[] {
  const out: Out = { stanzas: [], archive: [] };
  if (nodes.size === 0) {
    face.listeners.delete(client);
    return out.stanzas;
  }
  const told = face.listeners.get(client)?.told ?? new Map<string, string>();
  face.listeners.delete(client);
  face.listeners.set(client, { nodes, told });
  for (const oldest of face.listeners.keys()) {
    if (face.listeners.size <= listenersAtMost) break;
    face.listeners.delete(oldest);
  }
  for (const person of face.appearances.keys()) tellListener(face, client, person, out);
  return out.stanzas;
}
