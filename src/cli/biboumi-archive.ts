/** From biboumi's archive to ours, line by line and by biboumi's own ids: run again, nothing is there twice, and clients know again what they had. */
import { chatId, personId } from '../core/ids.ts';
import { accountKey } from '../gateway/decode/account-key.ts';
import type { Archive, ArchiveRow } from '../storage/ports.ts';
import type { Biboumi, BiboumiRow } from '../storage/sql/biboumi.ts';
import { xml } from '../xml/writer.ts';

/** Lines that are in memory at once, and how often it is said how far it is. */
const atOnce = 2_000;
const tellEvery = 50_000;

export interface ImportTarget {
  readonly domain: string;
  /** The domain has one server: then accounts name none. */
  readonly fixed: boolean;
}

/** biboumi knows the second only: what was said in one is told apart by its place in it, so that it keeps its order. */
function createTimes(): (chat: string, second: number) => number {
  const last = new Map<string, { second: number; place: number }>();
  return (chat, second) => {
    const before = last.get(chat);
    const place = before?.second === second ? Math.min(before.place + 1, 999) : 0;
    last.set(chat, { second, place });
    return second * 1000 + place;
  };
}

/** A line that somebody said; undefined: the room's own, or damaged. */
function readLine(
  { uuid, owner, ircchanname, ircservername, date, body, nick }: BiboumiRow,
  { domain, fixed }: ImportTarget,
  timeOf: ReturnType<typeof createTimes>,
): ArchiveRow | undefined {
  const second = Number(date);
  if (!uuid || !owner || !ircchanname || !nick || !body || !Number.isSafeInteger(second * 1000)) return undefined;
  const on = fixed ? undefined : String(ircservername).toLowerCase();
  const { id: account } = accountKey(domain, String(owner).toLowerCase(), on);
  const chat = chatId(String(ircchanname).toLowerCase());
  return {
    account,
    chat,
    id: String(uuid),
    at: timeOf(`${account}\n${chat}`, second),
    nick: String(nick),
    by: personId(String(nick).toLowerCase()),
    body: xml`<body>${String(body)}</body>`.text,
  };
}

/** @param out told how far it is */
export async function importArchive(
  from: Biboumi,
  archive: Pick<Archive, 'add'>,
  into: ImportTarget,
  out: (text: string) => void,
): Promise<void> {
  const all = await from.countLines();
  const timeOf = createTimes();
  let done = 0;
  let kept = 0;
  for await (const rows of from.lines(atOnce)) {
    const lines = rows.flatMap((row) => readLine(row, into, timeOf) ?? []);
    await archive.add(lines);
    kept += lines.length;
    const before = done;
    done += rows.length;
    if (Math.floor(done / tellEvery) > Math.floor(before / tellEvery)) out(`archive: ${done} of ${all} lines`);
  }
  out(`archive: ${kept} messages of ${all} lines are there now`);
}
