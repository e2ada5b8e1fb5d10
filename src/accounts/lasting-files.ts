/**
 * Files whose addresses expire on their network are told under addresses that last, where the operator wants that (src/design/media.md). A message waits for them a moment,
 * and what is behind it with it; where they can't be had in time it is told as the network told it.
 */
import type { Content, FileLink } from '../core/content.ts';
import type { MessageEvent, NetworkEvent } from '../core/event.ts';
import type { AccountId, ChatId, MessageId } from '../core/ids.ts';
import { both } from './turns.ts';
import type { AccountWorld } from './world.ts';

/** Whoever makes such addresses. */
export interface LastingFiles {
  /** How long a message waits for them. */
  readonly patienceMs: number;
  /** Is it a file for which one would be made? @param at when its message was said, epoch milliseconds */
  takes(file: FileLink, at: number): boolean;
  /** Resolves with the same files in the same order. */
  last(files: readonly FileLink[], message: FilesOf): Promise<readonly FileLink[]>;
  /** What is kept of that message is deleted, but for these files that it still has, as the network tells them. Resolves with how much that was. */
  forget(account: AccountId, chat: ChatId, message: MessageId, but?: readonly FileLink[]): Promise<number>;
}

/** Of which message they are. */
export interface FilesOf {
  readonly account: AccountId;
  /** Bare JID. */
  readonly owner: string;
  readonly chat: ChatId;
  readonly id: MessageId;
  readonly at: number;
}

export interface Lasting {
  /** What to wait for before the event can be taken, `also` among it; undefined: nothing. Never rejects. */
  look(event: NetworkEvent, also?: Promise<void>): Promise<void> | undefined;
  /** The event as it is to be told. As of `look`. */
  told<Told extends NetworkEvent>(event: Told): Told;
  /** The same of what was said before. Never rejects. */
  all(messages: readonly MessageEvent[]): Promise<readonly MessageEvent[]>;
  /** Deletes what a message has no more that was taken back or corrected, as the network told it; of other events nothing. */
  changed(event: NetworkEvent): void;
}

type Saying = Extract<NetworkEvent, { kind: 'message' | 'edited' }>;

const isSaying = (event: NetworkEvent): event is Saying => event.kind === 'message' || event.kind === 'edited';

/** Where nobody keeps files: one for all accounts. */
const asTheyAre: Lasting = {
  look: (_event, also) => also,
  told: (event) => event,
  all: (messages) => Promise.resolve(messages),
  changed: () => undefined,
};

/** For one account. */
export function createLasting(
  account: { readonly id: AccountId; readonly owner: string },
  { files, clock, log }: Pick<AccountWorld, 'files' | 'clock' | 'log'>,
): Lasting {
  if (files === undefined) return asTheyAre;
  const keeper = files;
  const looked = new WeakMap<NetworkEvent, Promise<void>>();
  const made = new WeakMap<NetworkEvent, Content>();

  function takenOf(event: Saying): readonly FileLink[] {
    const at = event.at.getTime();
    return (event.content.files ?? []).filter((file) => keeper.takes(file, at));
  }

  async function make(maker: LastingFiles, event: Saying, taken: readonly FileLink[]): Promise<void> {
    const { id } = event.kind === 'message' ? event.ref : event.target;
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const cancel = clock.after(maker.patienceMs, () => resolve(undefined));
    try {
      const of = { account: account.id, owner: account.owner, chat: event.chat, id, at: event.at.getTime() };
      const lasting = await Promise.race([maker.last(taken, of), late]);
      if (lasting === undefined) log.warn({ account: account.id }, 'a file of a message was not kept in time');
      else made.set(event, withFiles(event.content, taken, lasting));
    } catch (error) {
      log.error({ account: account.id, error }, 'a file of a message could not be kept');
    } finally {
      cancel();
    }
  }

  function look(event: NetworkEvent): Promise<void> | undefined {
    if (!isSaying(event) || event.content.files === undefined) return undefined;
    const known = looked.get(event);
    if (known !== undefined) return known;
    const taken = takenOf(event);
    if (taken.length === 0) return undefined;
    const looking = make(keeper, event, taken);
    looked.set(event, looking);
    return looking;
  }

  function told<Told extends NetworkEvent>(event: Told): Told {
    const content = made.get(event);
    return content === undefined ? event : { ...event, content };
  }

  return {
    look: (event, also) => both(look(event), also),
    told,
    async all(messages) {
      await Promise.all(messages.map((message) => look(message)));
      return messages.map((message) => told(message));
    },
    changed(event) {
      if (event.kind !== 'edited' && event.kind !== 'retracted') return;
      const { chat, target } = event;
      const left = event.kind === 'edited' ? event.content.files : undefined;
      keeper.forget(account.id, chat, target.id, left).catch((error: unknown) => {
        log.error({ account: account.id, error }, 'files that were taken back could not be deleted');
      });
    },
  };
}

function withFiles(content: Content, taken: readonly FileLink[], lasting: readonly FileLink[]): Content {
  const by = new Map(taken.map((file, i) => [file, lasting[i] ?? file]));
  return { ...content, files: (content.files ?? []).map((file) => by.get(file) ?? file) };
}
