/**
 * What the network's room said and the MUC does not have, from the room's archive: after a restart, after the MUC was away, and where more was said than is
 * kept in mind. What is said meanwhile comes behind it.
 */

import type { Known } from '../gateway/refs.ts';
import type { ArchiveRow } from '../storage/ports.ts';
import { parseFragment } from '../xml/document.ts';
import type { Element } from '../xml/element.ts';
import { moderatedIn } from './guest.ts';
import type { MucIds } from './muc-ids.ts';
import type { Names } from './names.ts';
import type { RoomLine, ToMuc } from './to-muc.ts';

export interface PastOfRoomParts {
  readonly toMuc: Pick<ToMuc, 'add' | 'skip' | 'told' | 'pump' | 'isBehind' | 'goOn'>;
  readonly names: Pick<Names, 'toMuc'>;
  readonly mucIds: Pick<MucIds, 'nameOf'>;
  /** Behind that row, or from that time on; undefined: no past is kept. */
  rows?: ((after: string | undefined, since: number) => Promise<readonly ArchiveRow[]>) | undefined;
  /** The last line that the MUC has, and all before it. */
  told(): string | undefined;
  /** Since when the two are joined, epoch milliseconds. */
  since(): number;
  /** What is called so there. */
  find(id: string): Pick<Known, 'id' | 'nick' | 'isMine'> | undefined;
  now(): number;
  /** A moderator of the network took back what the MUC calls so. */
  moderate(name: string, reason: string | undefined): void;
  /** Else it comes round. */
  mayPass(line: RoomLine): boolean;
  onFailure(error: unknown): void;
  /** There is no need to go on. */
  isClosed(): boolean;
}

export interface PastOfRoom {
  /** Somebody said something just now, or a moment ago. @param at of the past: epoch milliseconds */
  say(line: RoomLine, at: number | undefined, isReady: boolean): void;
  /** What the MUC's people said is in the network's room, and is nothing that the MUC lacks. */
  own(name: string, isReady: boolean): void;
  takeUp(): Promise<void>;
}

/** What is older is of no use to the other side. */
export const staleMs = 86_400_000;
const bufferedAtMost = 2_000;
const kinds: ReadonlySet<string> = new Set(['message', 'edit', 'retraction', 'reaction']);

export function createPastOfRoom(parts: PastOfRoomParts): PastOfRoom {
  const { toMuc, rows } = parts;
  /** While the archive is read: what is said meanwhile. */
  let meanwhile: RoomLine[] | undefined;
  /** It could not be: nothing else is told before what it has. */
  let isUnread = false;

  const isFresh = (at: number): boolean => at >= parts.since() && at > parts.now() - staleMs;

  /** What a moderator took back is taken back by who said it; what the MUC's own people said by the MUC, if it lets us. */
  function add(line: RoomLine): void {
    const moderated = moderatedIn(line.children);
    const known = moderated === undefined ? undefined : parts.find(moderated.id);
    const theirs = parts.mucIds.nameOf(known?.id);
    if (theirs !== undefined) parts.moderate(theirs, moderated?.reason);
    if (theirs !== undefined || !parts.mayPass(line)) toMuc.skip(line.id);
    else toMuc.add(known === undefined ? line : { ...line, nick: known.nick, isOwn: known.isMine });
  }

  /** Nothing of what was said before is still to be read. */
  const isRead = (isReady: boolean): boolean => isReady && meanwhile === undefined && !isUnread && !toMuc.isBehind;

  function takeUpRow({ kind = 'message', nick, id, stanza, at, by, body }: ArchiveRow): void {
    if (!kinds.has(kind) || !isFresh(at)) return;
    if (parts.mucIds.nameOf(stanza) !== undefined) {
      toMuc.skip(id);
      return;
    }
    if (parts.names.toMuc(id) !== undefined) {
      toMuc.told(id);
      return;
    }
    const children = parseFragment(body).filter((node): node is Element => typeof node !== 'string');
    add({ id, nick, isOwn: by === undefined && nick !== '', children });
  }

  async function readOn(read: NonNullable<PastOfRoomParts['rows']>): Promise<void> {
    let after = parts.told();
    for (let page = await read(after, parts.since()); page.length > 0; page = await read(after, parts.since())) {
      for (const row of page) takeUpRow(row);
      after = page.at(-1)?.id;
      if (toMuc.isBehind || parts.isClosed()) break;
    }
  }

  async function takeUp(): Promise<void> {
    if (meanwhile !== undefined) return;
    meanwhile = [];
    toMuc.goOn();
    isUnread = rows !== undefined;
    try {
      if (rows !== undefined) await readOn(rows);
      isUnread = false;
    } finally {
      const said = meanwhile;
      meanwhile = undefined;
      for (const line of said) if (!isUnread && (rows === undefined || !toMuc.isBehind)) add(line);
      toMuc.pump();
    }
  }

  return {
    takeUp,
    say(line, at, isReady) {
      if (at !== undefined && !isFresh(at)) return;
      if (isUnread && isReady) takeUp().catch(parts.onFailure);
      if (meanwhile !== undefined) {
        if (meanwhile.length < bufferedAtMost) meanwhile.push(line);
      } else if (rows === undefined || isRead(isReady)) add(line);
    },
    own(name, isReady) {
      // What the MUC has would count up to this one, and with it what was said before and is not read yet: that would be lost.
      if (isRead(isReady)) toMuc.skip(name);
    },
  };
}
