/** What is asked of a room itself: topic, nick, invitation, the right to speak, options. */
import type { Rooms } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { DurableIntent } from '../core/intent.ts';
import { changeOptions } from './room-options.ts';

export type RoomIntent = Extract<DurableIntent, { kind: 'topic' | 'nick' | 'invite' | 'ask-voice' | 'options' }>;

/** Resolves when the network has confirmed it; rejects with the GatewayError that the sender should see. */
export async function actInRoom(rooms: Rooms, intent: RoomIntent, signal: AbortSignal): Promise<void> {
  const { chat } = intent;
  switch (intent.kind) {
    case 'topic':
      if (rooms.topic === undefined) throw new GatewayError('network-cannot', { text: 'Topics are not set here' });
      return rooms.topic(chat, intent.text, signal);
    case 'nick':
      if (rooms.nick === undefined)
        throw new GatewayError('nick-locked', { text: 'Names are given by the network here' });
      return rooms.nick(chat, intent.nick, signal);
    case 'invite':
      if (rooms.invite === undefined) throw new GatewayError('network-cannot', { text: 'Nobody can be invited there' });
      return rooms.invite(chat, intent.person, intent.reason, signal);
    case 'ask-voice':
      if (rooms.askVoice === undefined)
        throw new GatewayError('network-cannot', { text: 'Nobody there can be asked for the right to speak' });
      return rooms.askVoice(chat, signal);
    case 'options':
      return changeOptions(rooms, intent, signal);
    default:
      return intent satisfies never;
  }
}
