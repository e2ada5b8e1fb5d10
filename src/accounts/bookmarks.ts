/** The bookmarks of our users on their servers, where those let us at them in their names (XEP-0402, CHECKLIST 402-01 to 402-03): nothing that is there is ever put again. */

import {
  addBookmark,
  askForBookmark,
  type Bookmark,
  bookmarkIn,
  bookmarksNs as ns,
  removeBookmark,
  renameBookmark,
} from '../gateway/bookmarks.ts';
import type { AskingAsUsers, AsUser } from './asking-as-users.ts';

export interface Bookmarks {
  /** May they be seen and changed? */
  may(owner: string): boolean;
  /** `there`: it was before, and is left as it is; undefined: it can't be done. Never rejects. */
  add(owner: string, room: Bookmark): Promise<'added' | 'there' | undefined>;
  /** Where it still has the name that we gave it. */
  rename(owner: string, jid: string, from: string, to: string): Promise<boolean>;
  /** True also where there was none. */
  remove(owner: string, jid: string): Promise<boolean>;
}

const get = { ns, type: 'get' } as const;
const set = { ns, type: 'set' } as const;

/** Takes all of these out, where that may be done; those that are not there are no matter (100-41). */
export async function unmark(
  bookmarks: Bookmarks,
  owner: string,
  jids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const jid of jids) {
    if (signal.aborted) return;
    await bookmarks.remove(owner, jid);
  }
}

/** For one domain. */
export function createBookmarks(users: AskingAsUsers): Bookmarks {
  /** undefined: it can't be known; null: it is not there, nor is the node, perhaps. */
  async function find(owner: string, jid: string): Promise<ReturnType<typeof bookmarkIn> | null> {
    const answer = await users.ask(owner, { ...get, payload: askForBookmark(jid) });
    if (answer?.is === 'result') return bookmarkIn(answer.payload, jid) ?? null;
    return answer?.condition === 'item-not-found' ? null : undefined;
  }

  const isDone = async (owner: string, payload: AsUser['payload']): Promise<boolean> =>
    (await users.ask(owner, { ...set, payload }))?.is === 'result';

  return {
    may: (owner) => users.may(owner, get) && users.may(owner, set),
    async add(owner, room) {
      const there = await find(owner, room.jid);
      if (there !== null) return there === undefined ? undefined : 'there';
      return (await isDone(owner, addBookmark(room))) ? 'added' : undefined;
    },
    async rename(owner, jid, from, to) {
      const there = await find(owner, jid);
      if (!there || there.attrs.name !== from) return false;
      return isDone(owner, renameBookmark(jid, there, to));
    },
    async remove(owner, jid) {
      const answer = await users.ask(owner, { ...set, payload: removeBookmark(jid) });
      return answer?.is === 'result' || answer?.condition === 'item-not-found';
    },
  };
}
