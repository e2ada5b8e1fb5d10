/** Who is writing: Discord says that somebody began, and never that they stopped (CHECKLIST 085-02); and we say it again for as long as ours does. */
import { type ChatId, GatewayError, personId, type Session } from '#bridge';
import type { Core } from './core.ts';

export interface Typists {
  /** Somebody writes there. */
  typing(chat: ChatId, person: string): void;
  /** They have said it. */
  stopped(chat: ChatId, person: string): void;
  /** Nobody writes any more. */
  close(): void;
}

/** For so long it holds, on Discord. */
const holdsMs = 10_000;
const againMs = 8_000;
/** How long a client is believed to write that says nothing more: it may be gone. */
const longestMs = 60_000;
const atMost = 2_000;

/** Nobody writes yet. */
export function createTypists(core: Core): Typists {
  const writing = new Map<string, () => void>();

  function tell(chat: ChatId, person: string, active: boolean): void {
    core.emit({ kind: 'typing', at: core.now(), chat, by: personId(person), active });
  }

  function stopped(chat: ChatId, person: string): boolean {
    const key = `${chat} ${person}`;
    writing.get(key)?.();
    return writing.delete(key);
  }

  return {
    typing(chat, person) {
      if (!stopped(chat, person)) {
        if (writing.size >= atMost) return;
        tell(chat, person, true);
      }
      const cancel = core.clock.after(holdsMs, () => {
        writing.delete(`${chat} ${person}`);
        tell(chat, person, false);
      });
      writing.set(`${chat} ${person}`, cancel);
    },
    stopped: (chat, person) => void stopped(chat, person),
    close() {
      for (const cancel of writing.values()) cancel();
      writing.clear();
    },
  };
}

/** One of ours writes there. */
interface Writing {
  /** It is not said again. */
  end(): void;
  /** When their client is not believed any more. */
  until: number;
}

/** See `Session.typing`. @param channelOf where a chat is on Discord */
export function createTyping(
  core: Core,
  channelOf: (chat: ChatId, signal: AbortSignal) => Promise<string>,
  signal: AbortSignal,
): NonNullable<Session['typing']> & { said(chat: ChatId): void } {
  /** There from the moment in which ours began. */
  const active = new Map<ChatId, Writing>();

  function stop(chat: ChatId): void {
    active.get(chat)?.end();
    active.delete(chat);
  }

  /** What was ended or refused meanwhile is not said again. */
  async function say(chat: ChatId, until: number): Promise<void> {
    let cancel = (): void => undefined;
    const writing: Writing = { end: () => cancel(), until };
    active.set(chat, writing);
    try {
      const channel = await channelOf(chat, signal);
      if (active.get(chat) !== writing) return;
      cancel = core.clock.after(againMs, () => {
        if (core.clock.now() >= writing.until) return stop(chat);
        say(chat, writing.until).catch((error: unknown) => {
          if (!(error instanceof GatewayError))
            core.log.debug({ err: error }, 'that somebody writes could not be told');
        });
      });
      await core.rest.post(`/channels/${channel}/typing`, { signal });
    } catch (error) {
      if (active.get(chat) === writing) stop(chat);
      throw error;
    }
  }

  return {
    said: stop,
    async typing(chat, isActive, paused) {
      const until = core.clock.now() + longestMs;
      const writing = active.get(chat);
      if (!isActive || paused) stop(chat);
      else if (writing === undefined) await say(chat, until);
      else writing.until = until;
    },
  };
}
