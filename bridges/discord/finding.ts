/** A message whose answer was lost: whether it is there, and how much of it (src/design/sent-once.md). */
import type { APIMessage } from 'discord.js';
import { type Attempt, type Content, type FileLink, messageId, type Session } from '#bridge';
import type { Core } from './core.ts';
import { attachmentName } from './files/names.ts';
import { type Part, partsOf } from './parts.ts';
import { asked } from './refusals.ts';
import { byAge, idAt } from './snowflake.ts';
import { speakerName } from './speaker-name.ts';
import type { Webhooks } from './webhooks.ts';

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

/** @param content as it was said: by a webhook where it has an author and `isPuppet` */
export async function findSaid(
  core: Core,
  webhooks: Pick<Webhooks, 'isOurs'>,
  { content, channel, isPuppet }: { readonly content: Content; readonly channel: string; readonly isPuppet: boolean },
  to: Attempt,
  isKnown: IsKnown,
): Promise<Found> {
  const isOwn = (message: APIMessage): boolean =>
    isPuppet
      ? webhooks.isOurs(message) && message.author.username === speakerName(content.author?.nick ?? '')
      : message.author.id === core.me && message.webhook_id === undefined;
  let fresh: readonly APIMessage[] = [];
  let best: Found = { ids: [], isWhole: false };
  for await (const page of since(core, channel, to)) {
    const own = page.filter(isOwn);
    const known = own.length === 0 ? [] : await isKnown(own.map(({ id }) => ({ id: messageId(id), part: 0 })));
    fresh = [...own.filter((_, at) => known[at] !== true), ...fresh];
    best = bestIn(core, to, content, fresh);
    if (best.isWhole) break;
  }
  return best;
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

/** What may be of that delivery, the newest page first, each oldest first: it was said at the last try, which may be long after it was accepted. */
async function* since(
  core: Core,
  channel: string,
  { key, signal }: Attempt,
): AsyncGenerator<readonly APIMessage[], void, undefined> {
  const accepted = Number(key.split('-')[0]);
  const oldest = idAt((Number.isFinite(accepted) ? accepted : core.clock.now()) - clocksApartMs);
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
