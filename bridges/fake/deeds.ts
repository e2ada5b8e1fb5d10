/** What a login may do to messages: each is told to the others at once. */
import { type ChatId, type Clock, chatId, type NetworkEvent, type PersonId, type Session } from '#bridge';
import type { World } from './world.ts';

/** The capabilities of a session on this network, but for the first. */
export function createDeeds(
  world: World,
  me: () => PersonId,
  clock: Clock,
): Required<Pick<Session, 'edits' | 'retractions' | 'reactions' | 'replies' | 'typing' | 'receipts'>> {
  const facts = (chat: ChatId) => ({ at: new Date(clock.now()), by: me(), chat: seenFrom(chat, me()) });
  const tell = (chat: ChatId, event: NetworkEvent): void => world.tell(me(), chat, event);
  return {
    edits: {
      async edit(target, content, { chat }) {
        tell(chat, { kind: 'edited', ...facts(chat), target, content });
        return { refs: [], at: clock.now() };
      },
    },
    retractions: {
      async retract(target, reason, { chat }) {
        tell(chat, { kind: 'retracted', ...facts(chat), target, ...(reason !== undefined && { reason }) });
      },
    },
    reactions: {
      async react(target, emoji, { chat }, before) {
        const changes = [
          ...emoji.filter((one) => !before.includes(one)).map((one) => ({ emoji: one, present: true })),
          ...before.filter((one) => !emoji.includes(one)).map((one) => ({ emoji: one, present: false })),
        ];
        for (const change of changes) tell(chat, { kind: 'reaction', ...facts(chat), target, ...change });
      },
    },
    replies: { canName: () => true },
    typing: {
      async typing(chat, active, paused) {
        tell(chat, { kind: 'typing', ...facts(chat), active, ...(paused && { paused }) });
      },
    },
    receipts: {
      async read(chat, upTo) {
        if (!chat.startsWith('#')) tell(chat, { kind: 'read', ...facts(chat), upTo });
      },
    },
  };
}

/** A conversation of two has the other's name for each of them. */
const seenFrom = (chat: ChatId, me: PersonId): ChatId => (chat.startsWith('#') ? chat : chatId(me));
