/** Groups of rooms, where a network has them: guilds with their categories, workspaces, spaces (src/design/groups-of-rooms.md). */
import type { ChatId } from '../core/ids.ts';

/** A group or a room. `within`: the group that it is in; absent: it is in none. */
export type OutlineEntry = {
  /** Of a room: as it is called within its group. */
  readonly name: string;
  readonly within?: string;
} & (
  | {
      /** The network's id: no other group of the account has it, and it stays. */
      readonly group: string;
    }
  | { readonly chat: ChatId }
);

/** All that the account sees, in the network's order, each behind the group that it is in. */
export type Outline = readonly OutlineEntry[];
