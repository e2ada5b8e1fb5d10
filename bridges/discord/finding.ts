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
const lookedAt = 100;

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
  const own = (await since(core, channel, to)).filter(isOwn);
  const known = own.length === 0 ? [] : await isKnown(own.map(({ id }) => ({ id: messageId(id), part: 0 })));
  const fresh = own.filter((_, at) => known[at] !== true);
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

/** The newest that may be of that delivery, oldest first. */
async function since(core: Core, channel: string, { key, signal }: Attempt): Promise<readonly APIMessage[]> {
  const accepted = Number(key.split('-')[0]);
  const at = Number.isFinite(accepted) ? accepted : core.clock.now();
  const query = new URLSearchParams({ after: idAt(at - clocksApartMs), limit: `${lookedAt}` });
  const found = await asked(core.rest.get(`/channels/${channel}/messages`, { query, signal }), signal);
  return (found as APIMessage[]).toSorted((one, other) => byAge(one.id, other.id));
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
