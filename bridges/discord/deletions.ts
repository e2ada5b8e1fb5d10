/** Who has deleted messages: their author, of which nothing more is said, or a moderator, who stands in the guild's audit log alone. That is another event, before or behind. */
import type { Core } from './core.ts';
import type { EventData } from './hearing.ts';
import { eitherMs, seesAuditLog } from './people-events.ts';

/** Somebody who deletes what others have said. */
export interface Deleter {
  readonly by: string;
  readonly reason?: string;
}

/** What was deleted in one go. */
export interface Deleted {
  readonly guild: string | undefined;
  readonly channel: string;
  /** As they are named here; undefined: several at once, or nobody knows. */
  readonly author: string | undefined;
}

export interface Deletions {
  /** @param tell is called once, with the moderator where one is named in time */
  heard(core: Core, deleted: Deleted, tell: (deleter?: Deleter) => void): void;
  /** Something was written into an audit log. */
  logged(core: Core, entry: EventData<'GUILD_AUDIT_LOG_ENTRY_CREATE'>): void;
}

/** By the API reference, "Audit Log Events". */
const messageDelete = 72;
const messageBulkDelete = 73;
/** How long an entry waits for its event. */
const keptMs = 1_000;

/** A webhook's message has the webhook for its author there, under whatever name. */
const keyOf = (channel: string, author: string | undefined): string => `${channel} ${author?.split(':', 1)[0] ?? ''}`;

/** Nothing is deleted. */
export function createDeletions(): Deletions {
  const waiting = new Map<string, ((deleter?: Deleter) => void)[]>();
  const logged = new Map<string, Deleter>();

  function wait(core: Core, key: string, tell: (deleter?: Deleter) => void): void {
    const known = waiting.get(key);
    if (known !== undefined) {
      known.push(tell);
      return;
    }
    waiting.set(key, [tell]);
    // Twice: where the process stood still meanwhile, what came is heard between the two.
    core.clock.after(eitherMs, () => core.clock.after(eitherMs, () => tellAll(key)));
  }

  function tellAll(key: string, deleter?: Deleter): void {
    const all = waiting.get(key) ?? [];
    waiting.delete(key);
    for (const tell of all) tell(deleter);
  }

  return {
    heard(core, { guild: id, channel, author }, tell) {
      const guild = core.guilds.get(id ?? '');
      const key = keyOf(channel, author);
      const known = logged.get(key);
      if (known !== undefined || guild === undefined || !seesAuditLog(core, guild)) tell(known);
      else wait(core, key, tell);
      logged.delete(key);
    },
    logged(core, { action_type, target_id, user_id, reason, options }) {
      if ((action_type !== messageDelete && action_type !== messageBulkDelete) || user_id === null) return;
      const isBulk = action_type === messageBulkDelete;
      const key = isBulk ? keyOf(target_id ?? '', undefined) : keyOf(options?.channel_id ?? '', target_id ?? '');
      const deleter = { by: user_id, ...(reason !== undefined && { reason }) };
      if (waiting.has(key)) {
        tellAll(key, deleter);
        return;
      }
      logged.set(key, deleter);
      core.clock.after(keptMs, () => {
        if (logged.get(key) === deleter) logged.delete(key);
      });
    },
  };
}
