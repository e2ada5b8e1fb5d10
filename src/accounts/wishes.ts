/** What the owner of an account has set, as the account asks for it all the time; and what of it the gateway itself understands. */

import type { ChatId } from '../core/ids.ts';
import { flagOf, type Settings, type UserSettings } from '../core/settings.ts';
import { sparseMap } from '../core/sparse.ts';
import type { FaceContext } from '../gateway/face.ts';
import { talkerIn } from '../gateway/talks.ts';

export interface Wishes {
  /** For its server, over what is set for all. */
  onServer(): Settings;
  /** For a room, over both. */
  inRoom(chat: ChatId): Settings;
  /** They changed. */
  replace(settings: UserSettings): void;
}

/** @param on the account's server, where the domain has many */
export const createWishes = (on: string | undefined, settings: UserSettings): Wishes => new OwnersWishes(on, settings);

/** Of whom nothing is known any more. */
export const noWishes: Wishes = { onServer: () => ({}), inRoom: () => ({}), replace: () => undefined };

/** More than anybody talks in at a time: conversations are with whoever writes. */
const roomsAtMost = 1_000;

/** An object of a class: each account has one. */
class OwnersWishes implements Wishes {
  readonly #on: string | undefined;
  /** Laid over each other once a change, for they are asked for with every message. */
  readonly #rooms = sparseMap<ChatId, Settings>();
  #now: UserSettings;

  constructor(on: string | undefined, settings: UserSettings) {
    this.#on = on;
    this.#now = settings;
  }

  onServer(): Settings {
    const on = this.#on;
    return this.#now.over({ level: 'server', ...(on !== undefined && { on }) });
  }

  inRoom(chat: ChatId): Settings {
    const on = this.#on;
    let found = this.#rooms.get(chat);
    if (found === undefined) {
      if (this.#rooms.size >= roomsAtMost) this.#rooms.clear();
      found = this.#now.over({ level: 'room', ...(on !== undefined && { on }), chat });
      this.#rooms.set(chat, found);
    }
    return found;
  }

  replace(next: UserSettings): void {
    this.#now = next;
    this.#rooms.clear();
  }
}

/** Is what is said in a room with these settings kept? */
export const isRecorded = (settings: Settings): boolean => flagOf(settings.record_history) ?? true;

/** Do rooms that are the owner's own on the network come into their bookmarks? */
export const isBookmarked = (settings: Settings): boolean => flagOf(settings.bookmark_rooms) ?? true;

/** What the owner lets the network see of themselves: nothing that they have not said (CHECKLIST 084-11). */
export const sharedIn = (settings: Settings): { readonly avatar: boolean; readonly nick: boolean } => ({
  avatar: flagOf(settings.share_avatar) ?? false,
  nick: flagOf(settings.share_nick) ?? false,
});

/** How much of a room's past its owner wishes to see on coming in; undefined: nothing was said about it. */
export function historyLength({ max_history_length: length }: Settings): number | undefined {
  return typeof length === 'number' && length >= 0 ? length : undefined;
}

/** Whose a conversation of two by a shared account is, as the face asks for it. Who is admitted no more has none. */
export const talkerOf =
  (wishes: Pick<Wishes, 'inRoom'>, isAdmitted: (jid: string) => boolean): NonNullable<FaceContext['talker']> =>
  (chat) => {
    const jid = talkerIn(wishes.inRoom(chat));
    return jid !== undefined && isAdmitted(jid) ? jid : undefined;
  };

/** Is a room's past kept, and how much of it is shown? As the face asks for it. @param isKept anything is */
export const pastIn =
  (wishes: Wishes, isKept: boolean): NonNullable<FaceContext['pastOf']> =>
  (chat) => {
    const settings = wishes.inRoom(chat);
    return { recorded: isKept && isRecorded(settings), length: historyLength(settings) };
  };
