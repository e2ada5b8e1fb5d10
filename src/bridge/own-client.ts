/** What a bridge may ask of the client of an account's owner, because somebody on the network would know it. */
import type { ChatId, PersonId } from '../core/ids.ts';

/** Who on the network would know it. */
export interface Asker {
  readonly person: PersonId;
  /** The room in which everybody was asked; absent: our owner alone was. */
  readonly chat?: ChatId;
}

/**
 * One of the owner's clients is asked, by that person's address, and has a few seconds. Nothing ever rejects. What comes is in the client's own words: cut to
 * a line, to be believed as little as anything that somebody says.
 */
export interface OwnClient {
  /** undefined: nobody is there, or nobody says. */
  version(asker: Asker): Promise<{ readonly name: string; readonly version?: string } | undefined>;
  /** Its clock, and how many minutes that is ahead of UTC; undefined as above. */
  time(asker: Asker): Promise<{ readonly utc: Date; readonly aheadMinutes: number } | undefined>;
  /** Resolves when there was an answer of any kind, or there will be none. */
  ping(asker: Asker): Promise<void>;
}
