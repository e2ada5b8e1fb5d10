/**
 * What did not reach clients that have lost their connection: a server keeps it for as long as the stream may be taken up again (XEP-0198 §5), some minutes, and then sends it back.
 * Who comes in again without saying what they want of the past gets that too, not only what was said since.
 */
import type { ChatId } from '../core/ids.ts';
import { bareOf } from '../core/jids.ts';
import { sparseMap } from '../core/sparse.ts';

export interface Unheard {
  /** A message of that room came back from a client that is away. */
  sentBack(chat: ChatId, client: string, stanzaId: string): void;
  /** When the first that came back from this client, or from others of the same bare JID that are away, was said: epoch milliseconds. undefined: nothing has come back. */
  since(chat: ChatId, client: string): Promise<number | undefined>;
  /** It is in again. */
  cameBack(chat: ChatId, client: string): void;
  /** All of the room is over. */
  forget(chat: ChatId): void;
}

export interface UnheardParts {
  /** Is exactly this client waited for? */
  isAway(chat: ChatId, client: string): boolean;
  /** When the message of that name was said; undefined: it is not kept. */
  saidAt(chat: ChatId, stanzaId: string): Promise<number | undefined>;
}

/** A server sends back in order, so the first that is found is the oldest; few can't be found. */
const looksAtMost = 20;

interface Lost {
  at: number | undefined;
  looks: number;
  looking: Promise<void>;
}

/** For one account. */
export const createUnheard = (parts: UnheardParts): Unheard => new SentBack(parts);

/** An object of a class: each account has one. */
class SentBack implements Unheard {
  readonly #parts: UnheardParts;
  readonly #rooms = sparseMap<ChatId, Map<string, Lost>>();

  constructor(parts: UnheardParts) {
    this.#parts = parts;
  }

  sentBack(chat: ChatId, client: string, stanzaId: string): void {
    const clients = this.#rooms.get(chat) ?? new Map<string, Lost>();
    const lost = clients.get(client) ?? { at: undefined, looks: 0, looking: Promise.resolve() };
    if (lost.at !== undefined || lost.looks >= looksAtMost) return;
    lost.looks += 1;
    lost.looking = lost.looking.then(() => this.#look(lost, chat, stanzaId));
    if (lost.looks === 1) this.#forgetOthers(chat, clients);
    this.#rooms.set(chat, clients.set(client, lost));
  }

  async since(chat: ChatId, client: string): Promise<number | undefined> {
    let earliest = Number.POSITIVE_INFINITY;
    for (const [other, lost] of [...(this.#rooms.get(chat) ?? [])]) {
      if (bareOf(other) !== bareOf(client) || !this.#parts.isAway(chat, other)) continue;
      await lost.looking;
      earliest = Math.min(earliest, lost.at ?? earliest);
    }
    return Number.isFinite(earliest) ? earliest : undefined;
  }

  cameBack(chat: ChatId, client: string): void {
    const clients = this.#rooms.get(chat);
    if (clients?.delete(client) === true && clients.size === 0) this.#rooms.delete(chat);
  }

  forget(chat: ChatId): void {
    this.#rooms.delete(chat);
  }

  async #look(lost: Lost, chat: ChatId, stanzaId: string): Promise<void> {
    if (lost.at === undefined) lost.at = await this.#parts.saidAt(chat, stanzaId);
  }

  #forgetOthers(chat: ChatId, clients: Map<string, Lost>): void {
    for (const other of clients.keys()) if (!this.#parts.isAway(chat, other)) clients.delete(other);
  }
}
