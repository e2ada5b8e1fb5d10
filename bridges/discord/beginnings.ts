/**
 * Threads that begin, told in the channel that they hang on, with the way into them. Discord says so there by itself, but of one that begins at a message of just
 * now: that is shown below the message (API reference, "Message Types", THREAD_CREATED).
 */
import type { APIMessage } from 'discord.js';
import { createRemembered } from '#bridge';
import { roomOf } from './addresses.ts';
import { type Core, placeOf } from './core.ts';
import { channelType } from './guild.ts';
import type { EventData } from './hearing.ts';
import { eitherMs } from './people-events.ts';
import type { Strangers } from './strangers.ts';
import { threadBegun, threadIn } from './text/index.ts';

type Begun = EventData<'THREAD_CREATE'>;

export interface Beginnings {
  /** That thread is there from now on. */
  begun(core: Core, thread: Begun): void;
  /** Is it none that says of a thread what was told already? */
  isNews(message: APIMessage): boolean;
}

const toldAtMost = 1_000;

/** For one session. */
export function createBeginnings(strangers: Strangers): Beginnings {
  const told = createRemembered<true>(toldAtMost);

  function tell(core: Core, { id, parent_id, guild_id = '', owner_id = '', name }: Begun): void {
    const room = core.rooms.get(roomOf(parent_id ?? ''));
    if (room === undefined || told.has(id)) return;
    told.put(id, true);
    const who = core.guilds.get(guild_id)?.members.get(owner_id)?.nick ?? 'Somebody';
    const text = threadBegun(who, placeOf(core, id)?.channel.name ?? name, id);
    core.emit({ kind: 'remark', at: core.now(), chat: room.chat, text });
  }

  return {
    begun(core, thread) {
      const { id, type, parent_id, newly_created, owner_id = '', guild_id } = thread;
      if (newly_created !== true || type === channelType.privateThread || told.has(id)) return;
      if (!core.rooms.has(roomOf(parent_id ?? ''))) return;
      const late = (): void => strangers.meet(core, guild_id, owner_id, () => tell(core, thread));
      // Discord's own word comes before or behind this. Twice: where the process stood still meanwhile, what came is heard between the two.
      core.clock.after(eitherMs, () => core.clock.after(eitherMs, late));
    },
    isNews(message) {
      const thread = threadIn(message);
      if (thread === undefined) return true;
      const isNews = !told.has(thread);
      told.put(thread, true);
      return isNews;
    },
  };
}
