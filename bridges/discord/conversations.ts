/** Conversations of two: a channel of its own on Discord, the person's id here. */
import type { APIChannel } from 'discord.js';
import { type ChatId, createRemembered, GatewayError } from '#bridge';
import { isSnowflake } from './addresses.ts';
import type { Core } from './core.ts';
import { asked } from './refusals.ts';

export interface Conversations {
  /** The channel of the conversation with them, made where there is none. */
  channelWith(chat: ChatId, signal: AbortSignal): Promise<string>;
  /** Whom that channel is with; undefined: it is not known, or none of two. */
  personIn(channel: string): string | undefined;
  /** That channel is with that person. */
  heard(channel: string, person: string): void;
}

const atMost = 5_000;

/** None is known yet. */
export function createConversations(core: Pick<Core, 'rest' | 'me'>): Conversations {
  const channels = createRemembered<string>(atMost);
  const people = createRemembered<string>(atMost);

  function heard(channel: string, person: string): void {
    channels.put(person, channel);
    people.put(channel, person);
  }

  return {
    personIn: (channel) => people.get(channel),
    heard,
    async channelWith(chat, signal) {
      if (!isSnowflake(chat) || chat === core.me)
        throw new GatewayError('no-such-person', { text: 'Nobody on Discord can be written to at that address.' });
      const known = channels.get(chat);
      if (known !== undefined) return known;
      const opening = core.rest.post('/users/@me/channels', { body: { recipient_id: chat }, signal });
      const { id } = (await asked(opening, signal)) as APIChannel;
      heard(id, chat);
      return id;
    },
  };
}
