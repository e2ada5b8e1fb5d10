/** The room features as one: every event to all that know it, every stanza to the first that understands it, every intent past all their checks. */
import type { DurableIntent, Origin } from '../../core/intent.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import type { EventHandlers, FaceState, Out, RoomFeature } from './feature.ts';
import { silence } from './feature.ts';
import type { Entry, Room } from './room.ts';

type Handler<Event> = (face: FaceState, room: Room, event: Event, out: Out) => void;

/** All features as one. */
export interface Folded {
  readonly on: Required<EventHandlers>;
  /** The joining sequence. */
  joining(face: FaceState, room: Room, entry: Entry, out: Out): void;
  hear(face: FaceState, room: Room, stanza: Stanza): Heard;
  /** Throws the first objection. */
  check(face: FaceState, room: Room | undefined, intent: DurableIntent, origin: Origin): void;
}

/** Folds over the list, in its order. */
export function fold(features: readonly RoomFeature[]): Folded {
  function on<Event>(pick: (on: EventHandlers) => Handler<Event> | undefined): Handler<Event> {
    const handlers = features.flatMap((one) => (one.on === undefined ? [] : (pick(one.on) ?? [])));
    const [only] = handlers;
    if (handlers.length === 1 && only !== undefined) return only;
    return (face, room, event, out) => {
      for (const handler of handlers) handler(face, room, event, out);
    };
  }
  const listeners = (kind: Stanza['kind']) => features.flatMap((one) => one.hears?.[kind] ?? []);
  const checks = features.flatMap((one) => one.checks ?? []);
  const joinings = features.flatMap((one) => one.joining ?? []);
  const hears = { presence: listeners('presence'), message: listeners('message'), iq: listeners('iq') };
  return {
    on: {
      message: on((handlers) => handlers.message),
      room: on((handlers) => handlers.room),
      in: on((handlers) => handlers.in),
      renamed: on((handlers) => handlers.renamed),
      power: on((handlers) => handlers.power),
      facts: on((handlers) => handlers.facts),
      out: on((handlers) => handlers.out),
      removed: on((handlers) => handlers.removed),
      edited: on((handlers) => handlers.edited),
      retracted: on((handlers) => handlers.retracted),
      reaction: on((handlers) => handlers.reaction),
      typing: on((handlers) => handlers.typing),
    },
    joining(face, room, entry, out) {
      for (const joining of joinings) joining(face, room, entry, out);
    },
    hear(face, room, stanza) {
      for (const hear of hears[stanza.kind]) {
        const heard = hear(face, room, stanza);
        if (heard !== undefined) return heard;
      }
      return silence;
    },
    check(face, room, intent, origin) {
      for (const check of checks) check(face, room, intent, origin);
    },
  };
}
