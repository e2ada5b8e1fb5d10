/** The connection's ups and downs, over all shards: what is told of them, and that all is told anew where something was missed. */
import { roomOf } from './addresses.ts';
import { type Core, type OpenRoom, placeOf } from './core.ts';
import { tellRoom } from './describing.ts';
import { tellEverybody } from './members.ts';
import type { Rolls } from './roll.ts';
import { channelGone, retell, roomsOf } from './structure.ts';
import { isThreadGone } from './threads.ts';

export interface LifeParts {
  readonly rolls: Pick<Rolls, 'again' | 'lost' | 'back'>;
  readonly people: { again(): void };
  /** The session's. */
  readonly signal: AbortSignal;
  tellState(state: 'ready' | 'reconnecting'): void;
}

export interface Life {
  /** READY came: what was said before it is lost, if it is not the first. */
  began(shard: number): void;
  up(shard: number): void;
  /** That guild was told anew by itself: it came, or was out of order. */
  came(guild: string): void;
  /** Something of that thread is different: it may have been archived until now. */
  stirred(thread: string): void;
  down(shard: number): void;
  close(): void;
}

/** A connection that comes back so soon, and goes on where it was, has lost nothing, and nobody is told. */
const graceMs = 5_000;

/** For one session. */
export function createLife(core: Core, { rolls, people, signal, tellState }: LifeParts): Life {
  const down = new Set<number>();
  const begun = new Set<number>();
  let hasMissed = false;
  let cancel: (() => void) | undefined;

  function gone(): void {
    cancel = undefined;
    core.isUp = false;
    tellState('reconnecting');
  }

  /** What changed meanwhile is told by telling all of it. */
  function back(): void {
    cancel?.();
    cancel = undefined;
    if (core.isUp && !hasMissed) {
      rolls.back();
      return;
    }
    if (core.isUp) tellState('reconnecting');
    const mayHaveChanged = hasMissed;
    hasMissed = false;
    core.isUp = true;
    tellState('ready');
    people.again();
    for (const room of [...core.rooms.values()]) {
      retell(core, room);
      if (!core.rooms.has(room.chat)) continue;
      tellRoom(core, room, true);
      tellEverybody(core, room);
    }
    if (mayHaveChanged) for (const id of new Set([...core.rooms.values()].map(({ guild }) => guild))) lookInto(id);
    rolls.back();
  }

  /** Of large guilds not all members came with the guild. */
  function lookInto(id: string): void {
    const guild = core.guilds.get(id);
    if (guild !== undefined) rolls.again(guild);
    void lookAtThreads(id);
  }

  /** With the guild came who we are, and nobody else; of archived ones nothing at all. */
  async function lookAtThreads(id: string): Promise<void> {
    for (const room of [...roomsOf(core, id)])
      if (placeOf(core, room.channel)?.channel.thread !== undefined) await lookAtThread(room);
  }

  async function lookAtThread(room: OpenRoom): Promise<void> {
    const isGone = await isThreadGone(core, room, signal);
    if (!core.isUp || core.rooms.get(room.chat) !== room) return;
    if (isGone) channelGone(core, { id: room.channel, guild_id: room.guild });
    else retell(core, room);
  }

  return {
    began(shard) {
      if (begun.has(shard)) hasMissed = true;
      begun.add(shard);
    },
    up(shard) {
      down.delete(shard);
      if (down.size === 0 && core.link !== undefined) back();
    },
    came(guild) {
      const hasRooms = roomsOf(core, guild).next().done !== true;
      if (core.isUp && down.size === 0 && hasRooms) lookInto(guild);
    },
    stirred(id) {
      const room = core.rooms.get(roomOf(id));
      const thread = placeOf(core, id)?.channel.thread;
      // Of an archived one nobody was asked for.
      if (room !== undefined && thread?.isArchived === false && !thread.isRead) void lookAtThread(room);
    },
    down(shard) {
      down.add(shard);
      rolls.lost();
      if (core.isUp) cancel ??= core.clock.after(graceMs, gone);
    },
    close() {
      cancel?.();
    },
  };
}
