/** What the bench says to its fakes, and how: one question, one answer, over the channel that fork() gives. */
import { type ChildProcess, fork } from 'node:child_process';

/** Where the fake XMPP server listens, and whom it plays. */
export interface XmppPlace {
  readonly port: number;
  readonly domain: string;
  readonly room: string;
}

export interface XmppCounts {
  readonly messages: number;
  readonly presences: number;
  readonly subjects: number;
  readonly errors: number;
}

export type XmppAsk =
  | { readonly do: 'handshake' }
  | { readonly do: 'join'; readonly from: number; readonly to: number; readonly rooms: readonly string[] }
  | { readonly do: 'counts' }
  /** Groupchat messages, round robin over the users; as fast as they go with at most `window` unreflected, or `perSecond`. */
  | {
      readonly do: 'say';
      readonly count: number;
      readonly users: number;
      readonly window: number;
      readonly perSecond: number;
    }
  | { readonly do: 'times' }
  /** An iq of one of the users, as it stands; answered with the answer. */
  | { readonly do: 'ask'; readonly iqId: string; readonly iq: string };

/** How large the Discord is. */
export interface DiscordScene {
  readonly guilds: number;
  /** Of each guild. */
  readonly channels: number;
  /** Of each guild. */
  readonly members: number;
  /** Nobody waits for a bucket. */
  readonly hurries: boolean;
}

/** Where it is, and what is in it. */
export interface DiscordPlace {
  readonly api: string;
  readonly cdn: string;
  readonly bot: string;
  readonly token: string;
  /** The ids of the first guild's first channel and the last one's last. */
  readonly first: string;
  readonly last: string;
}

export type DiscordAsk =
  | { readonly do: 'place' }
  /** People of the first guild talk in its first channel; each message has its birth in it. */
  | { readonly do: 'say'; readonly messages: number; readonly perSecond: number };

export type IrcdAsk =
  | { readonly do: 'listen' }
  | { readonly do: 'counts' }
  /** Lines into the first channel, to every connection; `perSecond` 0 is as fast as they are taken. */
  | { readonly do: 'say'; readonly lines: number; readonly perSecond: number; readonly stamped: boolean };

/** A fake in its own process. */
export interface Fake<Ask> {
  readonly pid: number;
  ask<Answer>(question: Ask): Promise<Answer>;
  kill(): void;
}

/** Starts this very program once more, as one of the fakes. */
export function startFake<Ask extends object>(kind: string, options: object): Fake<Ask> {
  const child: ChildProcess = fork(process.argv[1] ?? '', [kind, JSON.stringify(options)], { stdio: 'inherit' });
  const waiting = new Map<number, (answer: unknown) => void>();
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => undefined);
  child.once('exit', () => gone.reject(new Error(`the ${kind} process ended`)));
  let next = 0;
  child.on('message', (message: { readonly id: number; readonly answer: unknown }) => {
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  });
  return {
    pid: child.pid ?? 0,
    ask<Answer>(question: Ask) {
      next += 1;
      const id = next;
      const answered = new Promise<Answer>((resolve, reject) => {
        waiting.set(id, (answer) => resolve(answer as Answer));
        child.send({ id, ...question }, (error) => error && reject(error));
      });
      return Promise.race([answered, gone.promise]);
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** The fake's side: answers each question with what `answer` returns. Ends with its parent. */
export function serve<Ask extends object>(answer: (question: Ask) => unknown): void {
  process.on('message', (question: Ask & { readonly id: number }) => {
    void Promise.resolve(answer(question)).then((result) =>
      process.send?.({ id: question.id, answer: result ?? null }),
    );
  });
  process.on('disconnect', () => process.exit());
}

/** Microseconds of the machine's monotonic clock: the same in all processes, sixteen digits. */
export const stamp = (): string => String(process.hrtime.bigint() / 1000n).padStart(16, '0');
