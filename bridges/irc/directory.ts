/** The channels of one server, as one of its users was told of them a while ago: shared by all logins there, so that the server is asked rarely. */
import type { ChatId, Clock } from '#bridge';

export interface Entry {
  readonly chat: ChatId;
  readonly name: string;
  readonly size: number;
}

export interface Directory {
  /** The entries for that pattern: kept, on their way, or asked for by `ask`. What fails, or is empty, is not kept. */
  get(pattern: string, ask: () => Promise<readonly Entry[]>): Promise<readonly Entry[]>;
  /** All channels, where they are known now: then no pattern need be asked for. */
  everything(): Promise<readonly Entry[]> | undefined;
}

const keptMs = 300_000;
const mostPatterns = 16;

/** One a server. */
export function createDirectory(clock: Pick<Clock, 'after'>): Directory {
  const known = new Map<string, Promise<readonly Entry[]>>();

  function forget(pattern: string, what: Promise<readonly Entry[]>): void {
    if (known.get(pattern) === what) known.delete(pattern);
  }

  return {
    get(pattern, ask) {
      const before = known.get(pattern);
      if (before !== undefined) return before;
      for (const oldest of known.keys()) {
        if (known.size < mostPatterns) break;
        known.delete(oldest);
      }
      const asked = ask();
      known.set(pattern, asked);
      asked.then(
        (entries) => {
          if (entries.length === 0) forget(pattern, asked);
          else clock.after(keptMs, () => forget(pattern, asked));
        },
        () => forget(pattern, asked),
      );
      return asked;
    },
    everything: () => known.get(''),
  };
}
