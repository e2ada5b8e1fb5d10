/** What of a session outlives it: what its owner was told is missing, and which channels are conversations with whom. Discord lists no bot its conversations. */
import type { Log, SessionHost } from '#bridge';
import { isSnowflake } from './addresses.ts';

/** The person's id, then the channel's. */
export type Pair = readonly [string, string];

export interface Resume {
  /** What its owner was told is missing. */
  readonly missing: readonly string[];
  /** The newest last. */
  readonly conversations: readonly Pair[];
  keep(change: { readonly missing?: readonly string[]; readonly conversations?: readonly Pair[] }): void;
}

const texts = (given: unknown): readonly string[] =>
  Array.isArray(given) ? given.filter((one) => typeof one === 'string') : [];

const isPair = (given: unknown): given is Pair =>
  Array.isArray(given) && given.length === 2 && given.every((one) => typeof one === 'string' && isSnowflake(one));

function read(text: string | undefined): { readonly missing?: unknown; readonly conversations?: unknown } {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** What the last session left; nothing where it can't be read. What is kept is written down for the next. */
export function openResume(text: string | undefined, host: Pick<SessionHost, 'checkpoint'>, log: Log): Resume {
  const before = read(text);
  let missing = texts(before.missing);
  let conversations: readonly Pair[] = Array.isArray(before.conversations) ? before.conversations.filter(isPair) : [];
  return {
    get missing() {
      return missing;
    },
    get conversations() {
      return conversations;
    },
    keep(change) {
      missing = change.missing ?? missing;
      conversations = change.conversations ?? conversations;
      host.checkpoint(JSON.stringify({ missing, conversations })).catch((error: unknown) => {
        log.error({ err: error }, 'what a session leaves could not be written down');
      });
    },
  };
}
