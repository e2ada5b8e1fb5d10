/** What is said in a room while its gap is still being told waits for that, so that all of it is told in the order in which it was said; and so does that who has said it goes, or is called otherwise. */

import type { Log } from '../bridge/contract.ts';
import type { MessageEvent, NetworkEvent } from '../core/event.ts';
import type { AccountId, ChatId, PersonId } from '../core/ids.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
import type { Doubles } from './doubles.ts';

export interface Holding {
  /** The gap of that room is being told until then. */
  until(chat: ChatId, told: Promise<void>): void;
  /** True: it waits. What has no room to wait is taken at once, out of order rather than lost. */
  holds(event: NetworkEvent): boolean;
  /** What that event waits for: that we are put out of a room for what waits there, of which nobody is told behind it. undefined: nothing. Never rejects. */
  before(event: NetworkEvent): Promise<void> | undefined;
}

export interface HoldingParts {
  /** What the gap had is not told again. */
  readonly doubles: Pick<Doubles, 'besides'>;
  take(event: NetworkEvent): unknown;
  /** Who we are on the network: what becomes of ourselves waits for nothing. */
  me(): PersonId | undefined;
  readonly log: Pick<Log, 'error'>;
  readonly signal: AbortSignal;
}

const heldAtMost = 5_000;
/** How long what is said now waits for what was said before (ms): as much as is ever fetched has come by then from a network that is up. */
export const heldForMs = 60_000;

const kinds: ReadonlySet<NetworkEvent['kind']> = new Set(['message', 'edited', 'retracted', 'reaction', 'remark']);

/** Others say it: one's own is waited for. */
const mayWait = (event: NetworkEvent): event is Extract<NetworkEvent, { chat: ChatId }> =>
  kinds.has(event.kind) && !(event.kind === 'message' && (event.history === true || event.sentBy !== undefined));

type Members = Extract<NetworkEvent, { kind: 'members' }>;

/** What waits in one room. */
interface Held {
  events: NetworkEvent[];
  /** The archive is asked for these before they are told. */
  asked: NetworkEvent[];
  /** Who has said something of it. */
  readonly speakers: Set<PersonId>;
  /** Of whom it is among it that they come, go or are called otherwise: so what else becomes of them is, and that somebody takes their name. */
  readonly moved: Set<PersonId>;
  /** It is being told. */
  release: Promise<void> | undefined;
}

/** What waits of people, which waits no longer. */
function takePeople(held: Held): readonly NetworkEvent[] {
  const { asked, events, moved } = held;
  held.asked = asked.filter(({ kind }) => kind !== 'members');
  held.events = events.filter(({ kind }) => kind !== 'members');
  moved.clear();
  return [...asked, ...events].filter(({ kind }) => kind === 'members');
}

/** For one account. */
export const createHolding = (account: AccountId, parts: HoldingParts): Holding => new HeldBack(account, parts);

/** An object of a class: each account has one, and nearly every event asks it. */
class HeldBack implements Holding {
  readonly #account: AccountId;
  readonly #parts: HoldingParts;
  readonly #held = sparseMap<ChatId, Held>();
  /** It has waited. */
  #passing: NetworkEvent | undefined;

  constructor(account: AccountId, parts: HoldingParts) {
    this.#account = account;
    this.#parts = parts;
  }

  until(chat: ChatId, told: Promise<void>): void {
    if (this.#held.has(chat)) return;
    const held: Held = {
      events: [],
      asked: [],
      speakers: sparseSet(),
      moved: sparseSet(),
      release: undefined,
    };
    this.#held.set(chat, held);
    told.then(() => this.#end(chat, held)).catch((error: unknown) => this.#failed(chat, error));
  }

  before(event: NetworkEvent): Promise<void> | undefined {
    if (event.kind !== 'removed') return undefined;
    const held = this.#held.get(event.chat);
    return held && this.#end(event.chat, held);
  }

  #end(chat: ChatId, held: Held): Promise<void> {
    held.release ??= this.#release(chat, held).catch((error: unknown) => this.#failed(chat, error));
    return held.release;
  }

  #failed(chat: ChatId, error: unknown): void {
    this.#held.delete(chat);
    this.#parts.log.error({ account: this.#account, error }, 'what waited for a gap met a bug');
  }

  holds(event: NetworkEvent): boolean {
    if (this.#held.size === 0 || event === this.#passing) return false;
    if (event.kind === 'members') return this.#holdsMembers(event);
    if (!mayWait(event)) return false;
    const held = this.#held.get(event.chat);
    if (held === undefined || held.events.length >= heldAtMost) return false;
    if (event.kind === 'message') held.speakers.add(event.by);
    held.events.push(event);
    return true;
  }

  #holdsMembers(event: Members): boolean {
    const held = this.#held.get(event.chat);
    if (held === undefined) return false;
    const { speakers, moved } = held;
    if (event.complete === true || event.piece !== undefined) {
      // It says who is there now, whatever became of them before.
      takePeople(held);
      return false;
    }
    const me = this.#parts.me();
    const hasRoom = held.events.length < heldAtMost;
    let isHeld = false;
    for (const change of event.changes) {
      const person = change.is === 'in' ? change.member.person : change.person;
      if (person === me || (change.is === 'renamed' && change.as === me)) {
        // The name may have been somebody's of whom it waits that they are gone: behind this it would be told of us.
        if (change.is === 'renamed' && change.as !== undefined && moved.has(change.as))
          for (const one of takePeople(held)) this.#pass(one);
        return false;
      }
      isHeld ||= moved.has(person) || (change.is === 'renamed' && change.as !== undefined && moved.has(change.as));
      if (hasRoom && (change.is === 'out' || change.is === 'renamed')) isHeld ||= speakers.has(person);
    }
    if (!isHeld) return false;
    for (const change of event.changes) {
      moved.add(change.is === 'in' ? change.member.person : change.person);
      if (change.is === 'renamed' && change.as !== undefined) moved.add(change.as);
    }
    held.events.push(event);
    return true;
  }

  #pass(event: NetworkEvent): void {
    this.#passing = event;
    this.#parts.take(event);
    this.#passing = undefined;
  }

  /** Told twice rather than lost, where the archive can't say. */
  async #besides(messages: readonly MessageEvent[]): Promise<readonly MessageEvent[]> {
    const { doubles, log } = this.#parts;
    try {
      return await doubles.besides(messages);
    } catch (error) {
      log.error({ account: this.#account, error }, 'the archive could not be searched for what a gap has told');
      return messages;
    }
  }

  /** What comes while the archive is asked waits, too. */
  async #release(chat: ChatId, held: Held): Promise<void> {
    while (held.events.length > 0 && !this.#parts.signal.aborted) {
      held.asked = held.events;
      held.events = [];
      const messages = held.asked.filter((one) => one.kind === 'message');
      const fresh = new Set<NetworkEvent>(await this.#besides(messages));
      const { asked } = held;
      held.asked = [];
      for (const one of asked) if (one.kind !== 'message' || fresh.has(one)) this.#pass(one);
    }
    this.#held.delete(chat);
  }
}
