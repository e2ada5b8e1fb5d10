/** Between the faces and the archive: rows are gathered and written by batch, and whoever asks for a room's past sees what is still gathered. */
import type { Clock, Log } from '../bridge/contract.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import { buried } from '../gateway/rooms/tombstones.ts';
import type { Archive, ArchiveRow } from '../storage/ports.ts';

/** Reads see what is still gathered. */
export interface Archiving extends Omit<Archive, 'add' | 'expire'> {
  /** Never waits. Over the bound the oldest unwritten rows are given up, and the log says so. */
  keep(rows: readonly ArchiveRow[]): void;
  /** More is gathered than is written, though it can be: what networks say waits for this. undefined: there is room, or the archive is away, for which nobody waits. */
  pressure(): Promise<void> | undefined;
  /** Writes what is gathered. */
  close(): Promise<void>;
}

/** Where the operator wants nothing kept. */
export const noArchive: Archiving = {
  keep: () => undefined,
  pressure: () => undefined,
  recent: () => Promise.resolve([]),
  page: () => Promise.resolve({ rows: [], complete: true }),
  metadata: () => Promise.resolve(undefined),
  find: () => Promise.resolve(undefined),
  about: () => Promise.resolve([]),
  known: (_, __, refs) => Promise.resolve(refs.map(() => false)),
  change: () => Promise.resolve(),
  renew: () => undefined,
  forget: () => Promise.resolve(),
  async *all() {},
  close: () => Promise.resolve(),
};

/** So many writes at once, and behind them one in so long: a kill takes little with it, and a lively hour costs few of them (src/design/archive-rows.md). */
const pace = { atOnce: 10, everyMs: 200 };
const againAfterMs = 10_000;
/** How long rows wait for the journal. */
const recordedWithinMs = 2_000;
const batchRows = 2_000;
/** Between the pieces of a batch, each of which takes some milliseconds of the loop: what comes meanwhile waits for one of them at most. */
const breathMs = 10;
const boundRows = 50_000;
/** So many wait for a write that is under way, and who reads from a network waits too. */
const pressingRows = 4 * batchRows;
/** A write that takes longer is one of a store that is away, for which nobody waits. */
const pressesAtMostMs = 2_000;

/**
 * @param recorded resolves when what was said to clients until now is in the journal. What is in the archive is never fetched from the network again: a row that outlives a
 * kill which its message does not is a message that nobody is told.
 */
export function createArchiving(
  archive: Archive,
  clock: Clock,
  log: Log,
  recorded: () => Promise<unknown> = () => Promise.resolve(),
): Archiving {
  let gathered: ArchiveRow[] = [];
  /** Those that are being written. */
  let underWay: readonly ArchiveRow[] = [];
  let writing: Promise<void> | undefined;
  let cancel: (() => void) | undefined;
  /** The writes so far are paid for until then. */
  let paidUntil = Number.NEGATIVE_INFINITY;
  let isAway = false;
  /** When the write that is under way began. */
  let writingAt = 0;
  let room: Promise<void> | undefined;
  /** Who waits for a write that is under way. */
  let waiters = 0;

  /** What was taken back is nobody's to read any more, nor are its corrections; the retraction stays. */
  async function bury(retraction: ArchiveRow): Promise<void> {
    const { account, chat, about } = retraction;
    if (about === undefined) return;
    const first = await archive.find(account, chat, { id: about });
    for (const row of [...(first === undefined ? [] : [first]), ...(await archive.about(account, chat, about))]) {
      const stone = buried(row, retraction);
      if (stone !== undefined) await archive.change(stone);
    }
  }

  /** All that is gathered now: what comes meanwhile has to wait for the journal again. */
  async function writeAll(): Promise<void> {
    notSooner();
    const all = gathered;
    gathered = [];
    underWay = all;
    await journaled();
    for (let done = 0; done < all.length; done += batchRows) {
      const batch = all.slice(done, done + batchRows);
      if (done > 0) await breathe();
      try {
        await archive.add(batch, breathe);
        isAway = false;
        for (const row of batch) if (row.kind === 'retraction') await bury(row);
      } catch (error) {
        isAway = true;
        gathered = all.slice(done).concat(gathered);
        log.error({ error, waiting: gathered.length }, 'the archive could not be written; it is tried again');
        notSooner();
        later(againAfterMs);
        return;
      }
    }
  }

  /** Not where anybody waits for it, nor where more comes than is written. */
  function breathe(): Promise<void> {
    if (waiters === 0 && gathered.length < 2 * batchRows) return clock.sleep(breathMs);
    return new Promise((resolve) => setImmediate(resolve));
  }

  async function waitFor(write: Promise<void> | undefined): Promise<void> {
    waiters++;
    try {
      await write;
    } finally {
      waiters--;
    }
  }

  /** Nothing is under way any more: of those who waited for one write, one may have begun another. */
  async function written(): Promise<void> {
    while (writing !== undefined) await waitFor(writing);
  }

  /** Not for ever: what is said while Redis is away is kept all the same. */
  async function journaled(): Promise<void> {
    const enough = new AbortController();
    const ignore = (): void => undefined;
    await Promise.race([recorded().catch(ignore), clock.sleep(recordedWithinMs, enough.signal).catch(ignore)]);
    enough.abort();
  }

  function flush(): Promise<void> {
    if (writing !== undefined) return writing;
    writingAt = clock.now();
    writing = writeAll().finally(() => {
      writing = undefined;
      underWay = [];
      const now = clock.now();
      paidUntil = Math.min(Math.max(paidUntil, now) + pace.everyMs, now + pace.atOnce * pace.everyMs);
      if (gathered.length > 0) later(gathered.length >= batchRows ? 0 : untilNext());
    });
    return writing;
  }

  function pressure(): Promise<void> | undefined {
    if (gathered.length < pressingRows || isAway || writing === undefined) return undefined;
    if (room !== undefined || clock.now() - writingAt >= pressesAtMostMs) return room;
    const enough = new AbortController();
    const late = clock.sleep(pressesAtMostMs, enough.signal).catch(() => undefined);
    room = Promise.race([writing, late]).finally(() => {
      enough.abort();
      room = undefined;
    });
    return room;
  }

  /** No longer than is usual, where the clock was set back and all is paid for far ahead. */
  function untilNext(): number {
    const ms = paidUntil - clock.now() - (pace.atOnce - 1) * pace.everyMs;
    return Math.min(Math.max(ms, 0), pace.everyMs);
  }

  function notSooner(): void {
    cancel?.();
    cancel = undefined;
  }

  function later(ms: number): void {
    cancel ??= clock.after(ms, () => {
      cancel = undefined;
      void flush();
    });
  }

  /** What is said elsewhere keeps nobody waiting for Redis who asks for that chat. */
  function isAhead(account: AccountId, chat: ChatId | undefined): boolean {
    const isOf = (row: ArchiveRow): boolean => row.account === account && (chat === undefined || row.chat === chat);
    return gathered.some(isOf) || underWay.some(isOf);
  }

  /** Behind what was kept of that chat until now. */
  async function behind<T>(account: AccountId, chat: ChatId | undefined, read: () => Promise<T>): Promise<T> {
    if (isAhead(account, chat)) {
      await waitFor(writing);
      if (isAhead(account, chat)) await waitFor(flush());
    }
    return read();
  }

  return {
    keep(rows) {
      for (const row of rows) gathered.push(row);
      // Not for each row: the others are copied.
      if (gathered.length >= boundRows + batchRows) {
        log.error(
          { lost: gathered.length - boundRows },
          'the archive is away and its queue full: the oldest rows were given up',
        );
        gathered = gathered.slice(-boundRows);
      }
      // An archive that is away is tried by its time, however much is said.
      if (gathered.length >= batchRows && !isAway) void flush();
      else if (gathered.length > 0 && cancel === undefined) later(untilNext());
    },
    pressure,
    recent: (account, chat, ...asked) => behind(account, chat, () => archive.recent(account, chat, ...asked)),
    page: (query) => behind(query.account, query.chat, () => archive.page(query)),
    metadata: (account, chat) => behind(account, chat, () => archive.metadata(account, chat)),
    find: (account, chat, by) => behind(account, chat, () => archive.find(account, chat, by)),
    about: (account, chat, id) => behind(account, chat, () => archive.about(account, chat, id)),
    known: (account, chat, refs) => behind(account, chat, () => archive.known(account, chat, refs)),
    async change(row) {
      await written();
      const place = gathered.findIndex((one) => isSame(one, row));
      const before = gathered[place];
      if (before === undefined) await archive.change(row);
      else gathered[place] = changed(before, row);
    },
    renew: (account) => archive.renew(account),
    async forget(account, chat) {
      await written();
      gathered = gathered.filter((row) => row.account !== account || (chat !== undefined && row.chat !== chat));
      await archive.forget(account, chat);
    },
    async *all(account, chat) {
      await behind(account, chat, () => Promise.resolve());
      yield* archive.all(account, chat);
    },
    async close() {
      await waitFor(writing);
      await waitFor(flush());
    },
  };
}

const isSame = (one: ArchiveRow, other: ArchiveRow): boolean =>
  one.id === other.id && one.chat === other.chat && one.account === other.account;

/** As `Archive.change` does it. */
function changed({ kind: _, ...before }: ArchiveRow, { body, kind }: ArchiveRow): ArchiveRow {
  return { ...before, body, ...(kind !== undefined && { kind }) };
}
