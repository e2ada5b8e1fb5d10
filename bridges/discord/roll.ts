/**
 * Who is in a guild: asked for once, when the first of its rooms is opened, and again where something may have been missed; told in pieces over the gateway
 * (API reference, "Request Guild Members"), which takes a while for a large guild; Discord gives them for one twice a minute at most.
 */
import type { GatewayGuildMembersChunkDispatchData, GatewayRateLimitedDispatchData } from 'discord.js';
import type { Core } from './core.ts';
import type { Guild } from './guild.ts';
import { dropMember, putMember, putPresence } from './guild-fold.ts';

export interface Rolls {
  /** Resolves when all are known, or what can be known soon is. */
  call(guild: Guild): Promise<void>;
  /** Asks anew, so that who has gone meanwhile is known no more. */
  again(guild: Guild): void;
  heard(chunk: GatewayGuildMembersChunkDispatchData): void;
  /** Somebody came into that guild: no piece of an answer that is on its way names them. */
  came(guild: string, person: string): void;
  /** Somebody left it: a piece that is on its way may still name them. */
  left(guild: string, person: string): void;
  /** Discord wants to be asked later. */
  limited(limit: GatewayRateLimitedDispatchData): void;
  /** Nobody answers any more: who waits waits no longer. */
  lost(): void;
  /** Somebody may answer again: what is not answered, nor asked anew, is asked for. */
  back(): void;
}

/** A room without some of its people is better than none. */
const patienceMs = 20_000;
const requestGuildMembers = 8;

interface Asked {
  /** Who waits for it waits no longer. */
  readonly enough: () => void;
  /** Who is there, as far as it was told. */
  readonly told: Set<string>;
  /** Who has left since. */
  readonly gone: Set<string>;
  /** It will be answered, as far as we know. */
  isAsked: boolean;
  /** It is asked again in a moment; undefined: it is not. */
  later: (() => void) | undefined;
}

/** For one session. @param known more is known of who is in that guild: at the end of an answer, and where one takes long */
export function createRolls(core: Core, known: (guild: string) => void): Rolls {
  const waiting = new Map<string, Asked>();

  function send({ id, shard }: Guild, asked: Asked): void {
    const { presences } = core.intents.has;
    const d = { guild_id: id, query: '', limit: 0, presences, nonce: id };
    asked.isAsked = core.link?.send(shard, { op: requestGuildMembers, d }) === true;
  }

  function end(id: string): void {
    const asked = waiting.get(id);
    asked?.later?.();
    asked?.enough();
    waiting.delete(id);
  }

  function ask(guild: Guild): Promise<void> {
    // Whoever waits for an earlier answer is told with the others what comes of this one.
    end(guild.id);
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = core.clock.after(patienceMs, () => {
      resolve();
      known(guild.id);
    });
    const enough = (): void => {
      cancel();
      resolve();
    };
    const asked: Asked = { enough, told: new Set(), gone: new Set(), isAsked: false, later: undefined };
    waiting.set(guild.id, asked);
    send(guild, asked);
    return promise;
  }

  function askAgain(id: string, asked: Asked): void {
    const guild = core.guilds.get(id);
    if (guild === undefined) end(id);
    else {
      asked.told.clear();
      asked.gone.clear();
      send(guild, asked);
    }
  }

  return {
    call(guild) {
      if (!core.intents.has.members || guild.members.size >= guild.memberCount) return Promise.resolve();
      guild.roll ??= ask(guild);
      return guild.roll;
    },
    again(guild) {
      if (core.intents.has.members && !guild.isWhole) guild.roll = ask(guild);
    },
    heard({ guild_id, members, presences = [], chunk_index, chunk_count }) {
      const guild = core.guilds.get(guild_id);
      if (guild === undefined) return;
      const asked = waiting.get(guild_id);
      for (const member of members) {
        if (asked?.gone.has(member.user.id)) continue;
        putMember(guild, member.user, member);
        asked?.told.add(member.user.id);
      }
      for (const presence of presences) if (!asked?.gone.has(presence.user.id)) putPresence(guild, presence);
      if (asked === undefined || chunk_index + 1 < chunk_count) return;
      // A piece may have been lost: then nobody is taken for gone.
      if (asked.told.size >= guild.memberCount)
        for (const id of [...guild.members.keys()]) if (!asked.told.has(id)) dropMember(guild, id);
      end(guild_id);
      known(guild_id);
    },
    came(guild, person) {
      const asked = waiting.get(guild);
      asked?.told.add(person);
      asked?.gone.delete(person);
    },
    left(guild, person) {
      const asked = waiting.get(guild);
      asked?.told.delete(person);
      asked?.gone.add(person);
    },
    limited({ opcode, retry_after: seconds, meta }) {
      const id = (opcode as number) === requestGuildMembers ? meta.guild_id : '';
      const asked = waiting.get(id);
      if (asked === undefined) return;
      asked.later?.();
      asked.later = core.clock.after(Math.ceil(seconds * 1000), () => askAgain(id, asked));
    },
    lost() {
      for (const asked of waiting.values()) {
        asked.later?.();
        asked.enough();
        asked.isAsked = false;
      }
    },
    back() {
      for (const [id, asked] of [...waiting]) if (!asked.isAsked) askAgain(id, asked);
    },
  };
}
