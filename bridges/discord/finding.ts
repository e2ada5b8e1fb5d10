/** A message whose answer was lost: whether it is there, and how much of it (src/design/sent-once.md). */
import type { APIMessage } from 'discord.js';
import { type Attempt, type Content, createRemembered, type FileLink, messageId, type Session } from '#bridge';
import type { Core } from './core.ts';
import { attachmentName } from './files/names.ts';
import { type Part, partsOf } from './parts.ts';
import { asked } from './refusals.ts';
import { byAge, idAt } from './snowflake.ts';
import { speakerName } from './speaker-name.ts';
import type { Webhooks } from './webhooks.ts';

/** See `Session.reconcile`. */
type IsKnown = Parameters<NonNullable<Session['reconcile']>>[2];

export interface Found {
  /** Of as many of its messages as are there, the first first. */
  readonly ids: readonly string[];
  readonly isWhole: boolean;
}

/** What was accepted so long before its message was made is the same. */
const clocksApartMs = 10_000;
/** The API's own bound, and two thousand messages. */
const pageSize = 100;
const pagesAtMost = 20;

/** A message as it was said: by a webhook where it has an author and `isPuppet`. */
interface Lost {
  readonly content: Content;
  readonly channel: string;
  readonly isPuppet: boolean;
}

export interface Finding {
  /** As much of it as is there. */
  find(lost: Lost, to: Attempt, isKnown: IsKnown): Promise<Found>;
}

/** What we said ourselves, in any way, of one page of a channel's past. */
type Page = readonly APIMessage[];
type Pages = AsyncIterable<Page> | Iterable<Page>;

/** Behind a kill many of a channel are asked about at once, of which nearly all are there: what was read for the first is looked through for the others. */
const keptMs = 60_000;
const keptAtMost = 100;

/** For one session. */
export function createFinding(core: Core, webhooks: Pick<Webhooks, 'isOurs'>): Finding {
  const lately = createRemembered<readonly Page[]>(keptAtMost);

  const isBots = ({ author, webhook_id }: APIMessage): boolean => author.id === core.me && webhook_id === undefined;

  async function* reading(channel: string, to: Attempt): AsyncGenerator<Page, void, undefined> {
    const pages: Page[] = [];
    lately.put(channel, pages);
    core.clock.after(keptMs, () => {
      if (lately.get(channel) === pages) lately.delete(channel);
    });
    for await (const all of since(core, channel, to)) {
      const page = all.filter((message) => isBots(message) || webhooks.isOurs(message));
      pages.push(page);
      yield page;
    }
  }

  async function findIn(pages: Pages, { content, isPuppet }: Lost, to: Attempt, isKnown: IsKnown): Promise<Found> {
    const speaker = speakerName(content.author?.nick ?? '');
    const oldest = oldestOf(core, to);
    const isOwn = (message: APIMessage): boolean =>
      byAge(message.id, oldest) > 0 &&
      (isPuppet ? webhooks.isOurs(message) && message.author.username === speaker : isBots(message));
    let fresh: readonly APIMessage[] = [];
    let best: Found = { ids: [], isWhole: false };
    for await (const page of pages) {
      const own = page.filter(isOwn);
      const known = own.length === 0 ? [] : await isKnown(own.map(({ id }) => ({ id: messageId(id), part: 0 })));
      fresh = [...own.filter((_, at) => known[at] !== true), ...fresh];
      best = bestIn(core, to, content, fresh);
      if (best.isWhole) break;
    }
    return best;
  }

  return {
    async find(lost, to, isKnown) {
      const found = await findIn(lately.get(lost.channel) ?? [], lost, to, isKnown);
      // That it is not there is said by what is so now alone.
      return found.isWhole ? found : findIn(reading(lost.channel, to), lost, to, isKnown);
    },
  };
}

function bestIn(core: Core, to: Attempt, content: Content, fresh: readonly APIMessage[]): Found {
  let best: Found = { ids: [], isWhole: false };
  for (const attached of guesses(content.files ?? [], fresh)) {
    const parts = partsOf(core, to.chat, content, attached);
    const ids = inARow(fresh, parts);
    const isWhole = ids.length === parts.length;
    if (isWhole || ids.length > best.ids.length) best = { ids, isWhole };
    if (isWhole) break;
  }
  return best;
}

/** What is older was said before that delivery was accepted. */
function oldestOf({ clock }: Core, { key }: Attempt): string {
  const accepted = Number(key.split('-')[0]);
  return idAt((Number.isFinite(accepted) ? accepted : clock.now()) - clocksApartMs);
}

/** What may be of that delivery, the newest page first, each oldest first: it was said at the last try, which may be long after it was accepted. */
async function* since(
  core: Core,
  channel: string,
  to: Attempt,
): AsyncGenerator<readonly APIMessage[], void, undefined> {
  const { signal } = to;
  const oldest = oldestOf(core, to);
  let before: string | undefined;
  for (let page = 0; page < pagesAtMost; page++) {
    const query = new URLSearchParams({ limit: `${pageSize}`, ...(before !== undefined && { before }) });
    const asking = core.rest.get(`/channels/${channel}/messages`, { query, signal });
    const all = ((await asked(asking, signal)) as APIMessage[]).toSorted((one, other) => byAge(one.id, other.id));
    const some = all.filter(({ id }) => byAge(id, oldest) > 0);
    yield some;
    if (some.length < pageSize) return;
    before = some[0]?.id;
  }
}

/** Which files may have been attached: all, those whose names are seen, none. */
function guesses(files: readonly FileLink[], messages: readonly APIMessage[]): readonly ReadonlySet<FileLink>[] {
  if (files.length === 0) return [new Set()];
  const seen = new Set(messages.flatMap(namesOf));
  return [new Set(files), new Set(files.filter((file) => seen.has(attachmentName(file).name))), new Set()];
}

// Compatible servers leave out what is empty.
const namesOf = ({ attachments }: Partial<APIMessage>): readonly string[] =>
  (attachments ?? []).map(({ filename }) => filename);

/** As many of the parts as were said one behind the other. */
function inARow(messages: readonly APIMessage[], parts: readonly Part[]): readonly string[] {
  let best: readonly string[] = [];
  for (const start of messages.keys()) {
    const row: string[] = [];
    for (const part of parts) {
      const message = messages[start + row.length];
      if (message === undefined || !isSaid(part, message)) break;
      row.push(message.id);
    }
    if (row.length > best.length) best = row;
  }
  return best;
}

/** Discord cuts off space at both ends. */
function isSaid({ text, files }: Part, message: APIMessage): boolean {
  const names = namesOf(message);
  if ((message.content ?? '').trim() !== text.trim() || names.length !== files.length) return false;
  return files.every((file, at) => attachmentName(file).name === names[at]);
}
