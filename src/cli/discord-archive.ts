/** An export's messages, handful by handful into a room's archive, from where a run before this one has come to. */
import { createReadStream } from 'node:fs';
import { type Exported, readExported } from '../../bridges/discord/text/exported.ts';
import { type MessageRef, messageId } from '../core/ids.ts';
import { textIn } from '../gateway/relearn.ts';
import { textOfContent } from '../gateway/text/body.ts';
import type { Archive, ArchiveRow } from '../storage/ports.ts';
import { createRows, type Into, type Rows, type Target } from './discord-rows.ts';
import type { ProgressFile } from './import-progress.ts';
import { type Ending, readItems } from './json-items.ts';

/** Messages that are in memory at once, and how often it is said how far it is. */
const atOnce = 1_000;
const tellEvery = 50_000;
/** Answers are mostly to what was said shortly before. */
const rememberedAtMost = 20_000;
const chunkBytes = 1024 * 1024;

export interface Export {
  readonly path: string;
  readonly bytes: number;
  /** The place behind the head. */
  readonly start: number;
  /** Which file it is, and which room it goes into. */
  readonly what: string;
}

export interface Taken {
  /** Of the export, by this run and those before. */
  readonly read: number;
  readonly added: number;
  /** Damaged, or without anything to show. */
  readonly left: number;
  readonly ending: Ending | 'stopped';
}

type Store = Pick<Archive, 'add' | 'known' | 'find'>;

const refOf = (id: string): MessageRef => ({ id: messageId(id), part: 0 });

/** What was said shortly before, for those who answer it. */
function createTargets(archive: Store, { account, chat }: Into, rows: Rows) {
  let young = new Map<string, Target>();
  let old = new Map<string, Target>();
  return {
    put({ id, nick, content }: Exported): void {
      if (young.size >= rememberedAtMost) {
        old = young;
        young = new Map();
      }
      young.set(id, { row: rows.idOf(id), nick, text: textOfContent(content).slice(0, 1000) });
    },
    async of({ content: { replyTo } }: Exported): Promise<Target | undefined> {
      if (replyTo === undefined) return undefined;
      const known = young.get(replyTo.id) ?? old.get(replyTo.id);
      if (known !== undefined) return known;
      const row = await archive.find(account, chat, { ref: replyTo });
      const text = row === undefined ? undefined : textIn(row);
      return row === undefined || text === undefined ? undefined : { row: row.id, nick: row.nick, text };
    },
  };
}

/** Rows of the messages, without those that the archive has from elsewhere: whoever was there has heard them live. */
async function rowsFor(archive: Store, into: Into, rows: Rows, all: readonly Exported[], targetOf: TargetOf) {
  const { account, chat } = into;
  const known = await archive.known(
    account,
    chat,
    all.map(({ id }) => refOf(id)),
  );
  const found: ArchiveRow[] = [];
  let fresh = 0;
  let empty = 0;
  for (const [index, message] of all.entries()) {
    const isKnown = known[index] === true;
    if (isKnown && (await archive.find(account, chat, { ref: refOf(message.id) }))?.id !== rows.idOf(message.id))
      continue;
    const own = rows.of(message, await targetOf(message));
    found.push(...own);
    if (own.length === 0) empty++;
    else if (!isKnown) fresh++;
  }
  return { found, fresh, empty };
}

type TargetOf = (message: Exported) => Promise<Target | undefined>;

function readMessage(text: string): Exported | undefined {
  try {
    return readExported(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @param out told how far it is @param signal ends it after the handful that is under way */
export async function takeExport(
  from: Export,
  into: Into,
  { archive, progress }: { readonly archive: Store; readonly progress: ProgressFile },
  out: (text: string) => void,
  signal: AbortSignal,
): Promise<Taken> {
  const rows = createRows(into);
  const targets = createTargets(archive, into, rows);
  const before = await progress.load(from.what);
  let { end, read } = before ?? { end: from.start, read: 0 };
  if (before !== undefined) out(`archive: going on behind message ${read}`);
  let [added, left] = [0, 0];
  let handful: Exported[] = [];

  async function write(): Promise<void> {
    const { found, fresh, empty } = await rowsFor(archive, into, rows, handful, targets.of);
    await archive.add(found);
    await progress.save({ what: from.what, end, read });
    added += fresh;
    left += empty;
    handful = [];
  }
  const taken = (ending: Taken['ending']): Taken => ({ read, added, left, ending });

  const items = readItems(createReadStream(from.path, { start: end, highWaterMark: chunkBytes }), end);
  for (let next = await items.next(); ; next = await items.next()) {
    if (next.done === true) {
      await write();
      if (next.value === 'whole') await progress.clear();
      return taken(next.value);
    }
    const message = readMessage(next.value.text);
    if (message === undefined) left++;
    else {
      handful.push(message);
      targets.put(message);
    }
    end = next.value.end;
    read++;
    if (handful.length >= atOnce) await write();
    if (read % tellEvery === 0) out(`archive: ${read} messages, ${Math.floor((100 * end) / from.bytes)} %`);
    if (handful.length === 0 && signal.aborted) {
      await items.return('cut');
      return taken('stopped');
    }
  }
}
