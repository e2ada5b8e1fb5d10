/** Rooms among the bookmarks of their user (XEP-0402), as requests to the user's own server. */
import type { Element } from '../xml/element.ts';
import type { Xml } from '../xml/writer.ts';
import { itemsRequest, PUBSUB, publishRequest, retractRequest } from '../xmpp/xep/0060-pubsub.ts';
import {
  BOOKMARKS,
  type Bookmark,
  bookmarkIn,
  bookmarkItem,
  bookmarkOptions,
  renamedItem,
} from '../xmpp/xep/0402-bookmarks.ts';

export type { Bookmark };
export { bookmarkIn };

/** What the server has to let us ask for (CHECKLIST 15.1). */
export const bookmarksNs = PUBSUB;

/** For the one of that room. */
export const askForBookmark = (jid: string): Xml => itemsRequest(BOOKMARKS, jid);
/** One more. */
export const addBookmark = (room: Bookmark): Xml => publishRequest(BOOKMARKS, bookmarkItem(room), bookmarkOptions);
/** @param there as it stands: all else of it stays */
export const renameBookmark = (jid: string, there: Element, name: string): Xml =>
  publishRequest(BOOKMARKS, renamedItem(jid, there, name), bookmarkOptions);
/** That one goes. */
export const removeBookmark = (jid: string): Xml => retractRequest(BOOKMARKS, jid);
