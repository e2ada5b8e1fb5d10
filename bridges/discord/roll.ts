/**
 * Who is in a guild: asked for once, when the first of its rooms is opened, and again where something may have been missed; told in pieces over the gateway
 * (API reference, "Request Guild Members").
 */
import type { GatewayGuildMembersChunkDispatchData } from 'discord.js';
import type { Core } from './core.ts';
import type { Guild } from './guild.ts';
import { dropMember, putMember, putPresence } from './guild-fold.ts';

export interface Rolls {
  /** Resolves when all are known, or what can be known is. */
  call(guild: Guild): Promise<void>;
  /** Asks anew; resolves when who has gone meanwhile is known no more. */
  again(guild: Guild): Promise<void>;
  heard(chunk: GatewayGuildMembersChunkDispatchData): void;
  /** Nobody answers any more. */
  lost(): void;
}

/** A room without some of its people is better than none. */
const patienceMs = 20_000;
const requestGuildMembers = 8;

interface Asked {
  readonly done: () => void;
  /** Who was told so far. */
  readonly told: Set<string>;
}

/** For one session. */
export function createRolls(core: Core): Rolls {
  const waiting = new Map<string, Asked>();

  function ask(guild: Guild): Promise<void> {
    // Whoever waits for an earlier answer is told with the others what comes of this one.
    waiting.get(guild.id)?.done();
    const { promise, resolve } = Promise.withResolvers<void>();
    const done = (): void => {
      cancel();
      waiting.delete(guild.id);
      resolve();
    };
    const cancel = core.clock.after(patienceMs, done);
    waiting.set(guild.id, { done, told: new Set() });
    const { presences } = core.intents.has;
    core.link?.send(guild.shard, {
      op: requestGuildMembers,
      d: { guild_id: guild.id, query: '', limit: 0, presences, nonce: guild.id },
    });
    return promise;
  }

  return {
    call(guild) {
      if (!core.intents.has.members || guild.members.size >= guild.memberCount) return Promise.resolve();
      guild.roll ??= ask(guild);
      return guild.roll;
    },
    again(guild) {
      if (!core.intents.has.members || guild.isWhole) return Promise.resolve();
      guild.roll = ask(guild);
      return guild.roll;
    },
    heard({ guild_id, members, presences = [], chunk_index, chunk_count }) {
      const guild = core.guilds.get(guild_id);
      if (guild === undefined) return;
      for (const member of members) putMember(guild, member.user, member);
      for (const presence of presences) putPresence(guild, presence);
      const asked = waiting.get(guild_id);
      for (const { user } of members) asked?.told.add(user.id);
      if (asked === undefined || chunk_index + 1 < chunk_count) return;
      // A piece may have been lost: then nobody is taken for gone.
      if (asked.told.size >= guild.memberCount)
        for (const id of [...guild.members.keys()]) if (!asked.told.has(id)) dropMember(guild, id);
      asked.done();
    },
    lost() {
      for (const { done } of [...waiting.values()]) done();
    },
  };
}
