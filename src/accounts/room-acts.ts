/** What is asked of a room itself: topic, nick, invitation, the right to speak, options. */
import type { Rooms, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { DurableIntent } from '../core/intent.ts';
import { changeOptions } from './room-options.ts';

export type RoomIntent = Extract<DurableIntent, { kind: 'topic' | 'nick' | 'invite' | 'ask-voice' | 'options' }>;

/** Resolves when the network has confirmed it; rejects with the GatewayError that the sender should see. */
export async function actInRoom(rooms: Rooms, intent: RoomIntent, signal: AbortSignal): Promise<void> {
  const { chat } = intent;
  switch (intent.kind) {
    case 'topic':
      return offered(rooms.topic, 'Topics are not set here').call(rooms, chat, intent.text, signal);
    case 'nick':
      return offered(rooms.nick, 'Names are given by the network here').call(rooms, chat, intent.nick, signal);
    case 'invite':
      return offered(rooms.invite, 'Nobody can be invited there').call(
        rooms,
        chat,
        intent.person,
        intent.reason,
        signal,
      );
    case 'ask-voice':
      return offered(rooms.askVoice, 'Nobody there can be asked for the right to speak').call(rooms, chat, signal);
    case 'options':
      return changeOptions(rooms, intent, signal);
    default:
      return intent satisfies never;
  }
}

/** To be called on what it was taken from. */
function offered<Verb>(verb: Verb | undefined, without: string): Verb {
  if (verb === undefined) throw new GatewayError('network-cannot', { text: without });
  return verb;
}

/** Throws where the network has none. */
export function roomsOf(session: Session): Rooms {
  if (session.rooms === undefined) throw new GatewayError('network-cannot');
  return session.rooms;
}
