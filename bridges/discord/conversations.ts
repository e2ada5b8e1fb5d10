/** Conversations of two: a channel of its own on Discord, the person's id here. */
import type { APIChannel } from 'discord.js';
import { type ChatId, chatId, createRemembered, GatewayError } from '#bridge';
import { isSnowflake } from './addresses.ts';
import type { Core } from './core.ts';
import { asked } from './refusals.ts';
import type { Pair, Resume } from './resume.ts';

export interface Conversations {
  /** The channel of the conversation with them, made where there is none. */
  channelWith(chat: ChatId, signal: AbortSignal): Promise<string>;
  /** Whom that channel is with; undefined: it is not known, or none of two. */
  personIn(channel: string): string | undefined;
  /** That channel is with that person. */
  heard(channel: string, person: string): void;
  /** Those that are known, also from sessions before: the one last heard of first. */
  known(): readonly ChatId[];
}

const atMost = 5_000;
/** So many outlive a session. */
const keptAtMost = 300;

/** @param resume what is known from before, and is to be known again */
export function createConversations(
  core: Pick<Core, 'rest' | 'me'>,
  resume: Pick<Resume, 'conversations' | 'keep'>,
): Conversations {
  const channels = createRemembered<string>(atMost);
  const people = createRemembered<string>(atMost);
  const kept = new Map<string, string>(resume.conversations);
  for (const [person, channel] of kept) put(channel, person);

  function put(channel: string, person: string): void {
    channels.put(person, channel);
    people.put(channel, person);
  }

  function heard(channel: string, person: string): void {
    put(channel, person);
    const isNews = kept.get(person) !== channel;
    kept.delete(person);
    kept.set(person, channel);
    if (!isNews) return;
    for (const first of kept.keys()) {
      if (kept.size <= keptAtMost) break;
      kept.delete(first);
    }
    resume.keep({ conversations: [...kept] satisfies readonly Pair[] });
  }

  return {
    personIn: (channel) => people.get(channel),
    heard,
    known: () => [...kept.keys()].reverse().map(chatId),
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
