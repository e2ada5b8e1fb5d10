/** What an account's owner has set, as its parts ask for it with every message: levels are laid over each other once a change. */
import type { ChatId } from '../core/ids.ts';
import type { Settings, UserSettings } from '../core/settings.ts';
import type { AccountRow } from '../storage/ports.ts';

export interface AccountSettings {
  /** What holds in that room. */
  inRoom(chat: ChatId): Settings;
  /** What holds for the login itself. */
  readonly onServer: Settings;
  /** They are others now. */
  become(settings: UserSettings): void;
}

/** Of one account; `settings` are its owner's. */
export function createAccountSettings({ on }: Pick<AccountRow, 'on'>, settings: UserSettings): AccountSettings {
  const server = on === undefined ? {} : { on };
  const rooms = new Map<ChatId, Settings>();
  let current = settings;
  return {
    inRoom(chat) {
      let found = rooms.get(chat);
      if (found === undefined) {
        found = current.over({ level: 'room', chat, ...server });
        rooms.set(chat, found);
      }
      return found;
    },
    get onServer() {
      return current.over({ level: 'server', ...server });
    },
    become(next) {
      current = next;
      rooms.clear();
    },
  };
}
