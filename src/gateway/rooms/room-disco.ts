/** Service discovery of a room and of who is in it (XEP-0045 §6.4 to §6.6, §7.12, §18.1.1; CHECKLIST 45-10 to 45-15). */
import { GatewayError } from '../../core/errors.ts';
import type { Element } from '../../xml/element.ts';
import { child } from '../../xml/query.ts';
import type { Xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { typedForm } from '../../xmpp/xep/0004-data-forms.ts';
import { DISCO_INFO, DISCO_ITEMS, discoItems } from '../../xmpp/xep/0030-disco.ts';
import { MUC_ROOMINFO, MUC_TRAFFIC, RESERVED_NICK } from '../../xmpp/xep/0045-muc.ts';
import { COMMANDS } from '../../xmpp/xep/0050-commands.ts';
import { RSM } from '../../xmpp/xep/0059-result-sets.ts';
import { PING } from '../../xmpp/xep/0199-ping.ts';
import { occupantQuestions, offeredOf } from '../contacts/person-questions.ts';
import { discoInfo, emptyInfo } from '../disco.ts';
import type { Question } from '../face.ts';
import { pageOf } from '../paging.ts';
import { isGuest } from '../speakers.ts';
import type { FaceState, RoomFeature } from './feature.ts';
import { hasOccupantCommands } from './occupant-commands.ts';
import { refuse, refuseWith, result } from './origin.ts';
import { isAmong, type Room } from './room.ts';
import { flagsOf } from './settings.ts';

/** For people: the room's name, else the bridge's title of its address. */
function titleOf({ context }: FaceState, room: Room): string {
  const { on } = context.account;
  const { name } = room.settings;
  if (name !== undefined) return name;
  return context.addresses.title({ is: 'room', id: room.chat, ...(on !== undefined && { on }) });
}

/** @param asker what only its owner can do by a shared account is announced to nobody else */
function roomInfo(face: FaceState, room: Room, features: readonly RoomFeature[], asker: string): Xml {
  const name = titleOf(face, room);
  return discoInfo({
    // No conference/irc beside it: Gajim takes that for a room in which nobody can change their nick.
    identities: [{ category: 'conference', type: 'text', name }],
    features: [
      DISCO_ITEMS,
      RSM,
      MUC_ROOMINFO,
      ...(face.context.commands === true && !isGuest(face.context, { from: asker }) ? [COMMANDS] : []),
      ...featuresOf(face, room, features, asker),
      ...flagsOf(room),
    ],
    forms: [
      typedForm(
        'result',
        MUC_ROOMINFO,
        features.flatMap((one) => one.info?.(face, room) ?? []),
      ),
      ...features.flatMap((one) => one.forms?.(face, room, asker) ?? []),
    ],
  });
}

const featuresOf = (face: FaceState, room: Room, features: readonly RoomFeature[], asker: string): readonly string[] =>
  features.flatMap((one) => [...(one.namespaces ?? []), ...(one.features?.(face, room, asker) ?? [])]);

/** Networks give us our nick: it is answered as reserved, so that clients join with it (45-13). In a room that we are not in it is that of another. */
function reserved(face: FaceState, room: Room): Xml {
  const me = room.me ?? [...face.rooms.values()].find((other) => other.me !== undefined)?.me;
  if (me === undefined) return emptyInfo(RESERVED_NICK);
  const identities = [{ category: 'conference', type: 'text', name: me.nick }];
  return discoInfo({ identities, features: [], node: RESERVED_NICK });
}

/** Of a message only what the network can say passes: the list of extensions that do is empty (45-14). */
function aboutRoom(
  face: FaceState,
  room: Room,
  stanza: Stanza,
  query: Element,
  features: readonly RoomFeature[],
): Outgoing {
  const node = query.attrs.node ?? '';
  if (query.ns === DISCO_ITEMS) {
    return node === '' ? items(room, stanza, query) : refuseWith(stanza, 'cancel', 'item-not-found');
  }
  if (node === '') return result(stanza, roomInfo(face, room, features, stanza.from.full));
  if (node === RESERVED_NICK) return result(stanza, reserved(face, room));
  if (node === MUC_TRAFFIC) return result(stanza, emptyInfo(MUC_TRAFFIC));
  return refuseWith(stanza, 'cancel', 'item-not-found');
}

/** As many as are told to who knows nothing of pages; thousands are more than a stanza holds. */
const atOnce = 500;

/** Who is there, to those who are there too (45-12); of a crowd, and to who asks for one, a page. */
function items(room: Room, stanza: Stanza, query: Element): Outgoing {
  const shown = room.clients.has(stanza.from.full) ? [...room.people.all()] : [];
  const all = shown.map(({ jid, nick }) => ({ jid, name: nick }));
  const { set } = discoItems.read(query) ?? {};
  if (set === undefined && all.length <= atOnce) return result(stanza, discoItems.write({ items: all }));
  try {
    return result(stanza, discoItems.write(pageOf(all, ({ jid }) => jid, set ?? { max: atOnce })));
  } catch (error) {
    if (error instanceof GatewayError) return refuse(stanza, error.code);
    throw error;
  }
}

function aboutOccupant(face: FaceState, room: Room, stanza: Stanza, query: Element): Outgoing {
  const { session } = face;
  if (!isAmong(room, stanza.from.full)) return refuseWith(stanza, 'modify', 'bad-request');
  const occupant = room.people.called(stanza.to.resource);
  if (occupant === undefined || query.attrs.node !== undefined) return refuseWith(stanza, 'cancel', 'item-not-found');
  if (occupant === room.me) return refuseWith(stanza, 'cancel', 'service-unavailable');
  if (query.ns === DISCO_ITEMS) return result(stanza, discoItems.write({ items: [] }));
  const asked = session === undefined ? [] : offeredOf(occupantQuestions, session.people ?? {});
  const identities = [{ category: 'account', type: 'registered', name: occupant.nick }];
  const commands = hasOccupantCommands(face, stanza.from.full) ? [COMMANDS] : [];
  return result(stanza, discoInfo({ identities, features: [PING, ...commands, ...asked] }));
}

const isInfo = ({ ns, attrs: { node = '' } }: Element): boolean => ns === DISCO_INFO && node === '';

/** How to learn of a room that nobody has entered: its name above all, which clients show in place of what the list said (CHECKLIST 45-02). */
function lookerAt({ session }: FaceState, { chat, settings }: Room) {
  const describe = session?.rooms.describe?.bind(session.rooms);
  if (describe === undefined || Object.keys(settings).length > 0) return undefined;
  return (signal: AbortSignal) => describe(chat, signal);
}

/** What can't be seen for now is described by its address, as it is where nobody is connected: clients ask before they come in, and do not come in behind an error. */
async function seenBy(look: NonNullable<ReturnType<typeof lookerAt>>, room: Room, signal: AbortSignal): Promise<Room> {
  try {
    const { topic: text = '', ...settings } = await look(signal);
    return { ...room, settings, topic: { text, by: undefined, at: undefined } };
  } catch (error) {
    if (error instanceof GatewayError && error.type === 'wait') return room;
    throw error;
  }
}

/** @param features all that are announced */
export function createRoomDisco(features: readonly RoomFeature[]): RoomFeature {
  return {
    hears: {
      iq(face, room, stanza) {
        if (stanza.type !== 'get') return undefined;
        const query = child(stanza.el, 'query', DISCO_INFO) ?? child(stanza.el, 'query', DISCO_ITEMS);
        if (query === undefined) return undefined;
        const isRoom = stanza.to.resource === '';
        const look = isRoom && isInfo(query) ? lookerAt(face, room) : undefined;
        if (look !== undefined) {
          const question: Question = async ({ signal }) => {
            const seen = await seenBy(look, room, signal);
            return [result(stanza, roomInfo(face, seen, features, stanza.from.full))];
          };
          return { stanzas: [], question };
        }
        const answer = isRoom
          ? aboutRoom(face, room, stanza, query, features)
          : aboutOccupant(face, room, stanza, query);
        return { stanzas: [answer] };
      },
    },
  };
}
