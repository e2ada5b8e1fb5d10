/** How the bot appears on Discord: as its owner's clients do together, on each of its connections. What they say with it stays with those who know them. */
import type { GatewayOpcodes, PresenceUpdateStatus } from 'discord.js';
import type { Show } from '#bridge';
import type { Core } from './core.ts';

export interface Appearance {
  /** From now on; of several changes within a short time the last counts. */
  appear(show: Show): void;
  /** That connection is there, and Discord may have forgotten what it was told. */
  up(shard: number): void;
  close(): void;
}

/** By the API reference, "Update Presence". */
const updatePresence: GatewayOpcodes.PresenceUpdate = 3;
const statuses = { online: 'online', chat: 'online', away: 'idle', xa: 'idle', dnd: 'dnd', offline: 'idle' } as const;

type Status = (typeof statuses)[Show];

/** Discord takes five in twenty seconds. */
const apartMs = 5_000;

/** It appears to be online, as every bot that comes. */
export function createAppearance(core: Pick<Core, 'clock' | 'link'>): Appearance {
  const shards = new Set<number>();
  /** What has gone out over each. */
  const shown = new Map<number, Status>();
  let wanted: Status = 'online';
  let told: Status = 'online';
  let pause: (() => void) | undefined;

  function send(shard: number): void {
    const d = { since: null, activities: [], status: told as PresenceUpdateStatus, afk: false };
    if (core.link?.send(shard, { op: updatePresence, d }) === true) shown.set(shard, told);
  }

  function tell(): void {
    if (pause !== undefined || wanted === told) return;
    told = wanted;
    for (const shard of shards) send(shard);
    pause = core.clock.after(apartMs, () => {
      pause = undefined;
      tell();
    });
  }

  return {
    appear(show) {
      wanted = statuses[show];
      tell();
    },
    up(shard) {
      shards.add(shard);
      // A new session shows us online, one that goes on what it showed before.
      if (told !== 'online' || (shown.get(shard) ?? 'online') !== 'online') send(shard);
    },
    close() {
      pause?.();
    },
  };
}
