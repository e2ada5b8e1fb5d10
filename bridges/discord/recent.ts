/** What has been said lately, so far as it matters to what is done to it later: who said it, and by which webhook; who reacted. Bounded: what is older is asked for. */
import { createRemembered, type Remembered } from '#bridge';
import type { Told } from './apart.ts';

export interface Recent {
  /** Who wrote the message, as people are named here. */
  readonly authors: Remembered<string>;
  /** The webhook that said it. */
  readonly webhooks: Remembered<string>;
  /** When it was last changed, as Discord writes it: what only got a preview is no correction. */
  readonly edits: Remembered<string>;
  /** What was fetched of the past: it is no news when the gateway tells of it. */
  readonly past: Remembered<true>;
  /** In how many pieces it was told. */
  readonly told: Remembered<Told>;
  /** What a bot has promised to answer, and has not said yet. */
  readonly awaited: Remembered<true>;
  /** Who reacted with what ("id emoji"), of what was told. */
  readonly reactions: Remembered<Set<string>>;
}

const atMost = 10_000;

/** Nothing was said. */
export const createRecent = (): Recent => ({
  authors: createRemembered(atMost),
  webhooks: createRemembered(atMost),
  edits: createRemembered(atMost),
  past: createRemembered(atMost),
  told: createRemembered(atMost),
  awaited: createRemembered(atMost),
  reactions: createRemembered(atMost),
});
