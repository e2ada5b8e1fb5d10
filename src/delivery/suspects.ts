/**
 * Which of the stanzas that an edge hands on the server ends the stream for (CHECKLIST 114-15): what was not answered for goes one stanza at a time then, and one that has
 * ended two streams by itself is given up. Sent again as before, it would end every other.
 */
import type { Log } from '../bridge/contract.ts';
import { stanzasIn, tagOf } from './bursts.ts';
import type { Pipe } from './wire.ts';

export interface Suspects {
  /** The stream went down. @param unanswered names of entries @param isFault the server ended it for what it was sent */
  ended(isFault: boolean, unanswered: Iterable<string>): void;
  /** Is it one of those entries? */
  has(entry: string): boolean;
  /** Resolves when the server has answered for all of that entry that is not given up; rejects when the stream goes down first. */
  send(entry: string, text: string): Promise<void>;
}

/** For one domain, over all its connections. */
export function createSuspects({
  pipe,
  domain,
  log,
}: {
  readonly pipe: Pipe;
  readonly domain: string;
  readonly log: Log;
}): Suspects {
  let suspected = new Set<string>();
  /** Stanzas of theirs that are not sent again: answered for, or given up. */
  const settled = new Set<string>();
  let alone: { readonly name: string; readonly stanza: string } | undefined;
  let blamed: string | undefined;

  function blame(unanswered: Iterable<string>): void {
    if (alone === undefined) suspected = new Set([...suspected, ...unanswered]);
    else if (blamed !== alone.name) blamed = alone.name;
    else {
      const { name, stanza } = alone;
      settled.add(name);
      log.error(
        { domain, stanza: tagOf(stanza), bytes: stanza.length },
        'the XMPP server ends the stream for one stanza; it is given up: a bug',
      );
    }
  }

  return {
    ended(isFault, unanswered) {
      if (isFault) blame(unanswered);
      alone = undefined;
    },
    has: (entry) => suspected.has(entry),
    async send(entry, text) {
      for (const [at, stanza] of stanzasIn(text).entries()) {
        const name = `${entry} ${at}`;
        if (settled.has(name)) continue;
        alone = { name, stanza };
        if (!pipe.write(stanza) && pipe.up) await pipe.drained();
        await pipe.barrier();
        alone = undefined;
        settled.add(name);
      }
      suspected.delete(entry);
      if (suspected.size === 0) settled.clear();
    },
  };
}
