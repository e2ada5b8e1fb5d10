/** From a process that has something for an account to the worker that runs it, or that shall: in order for each account, whichever workers come and go. */
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { Post } from '../storage/process-ports.ts';
import { createRoutes, type RoutesParts } from './routes.ts';

export interface Forwarding {
  /** Resolves when the worker's mailbox has it. Rejects with `queue-full`, or `storage-away` where no worker came within ten seconds, or another edge has handed on what it heard later. */
  forward(account: AccountId, text: string): Promise<void>;
  /** Resolves when nothing is on its way any more, or after so long. */
  handedOn(withinMs: number): Promise<void>;
}

export interface ForwardingParts extends RoutesParts {
  readonly post: Pick<Post, 'handOn' | 'survey'>;
  /** Of whoever hears what is handed on, where that is one at a time. */
  readonly fence?: () => number | undefined;
}

/** Those that wait to be handed on, of all accounts. */
const waitingCap = 20_000;
/** How often one is sent elsewhere because mailboxes are emptied and processes end under its hands, and how long it waits in between. */
const triesAtMost = 20;
const againMs = 100;
/** Texts of an account that go together. */
const atOnce = 100;

export function createForwarding(parts: ForwardingParts): Forwarding {
  const { post, clock, signal, fence } = parts;
  const routes = createRoutes(parts);
  /** What each account's texts wait behind, those that wait, and when none does any more. */
  const lines = new Map<AccountId, { readonly texts: Waiting[]; readonly over: Promise<void> }>();
  let waiting = 0;

  async function handOn(account: AccountId, texts: readonly string[]): Promise<void> {
    for (let tries = 1; tries <= triesAtMost; tries++) {
      const route = await routes.of(account);
      if (route === undefined) throw away('No worker of this gateway is running; its operator has to start one');
      const posted = await post.handOn(route.worker, texts, { account, behind: route.behind, fence: fence?.() });
      if (posted === 'sent') return;
      if (posted === 'outdated') break;
      routes.forget(account);
      if (tries > 1) await clock.sleep(againMs, signal).catch(() => undefined);
      if (signal.aborted) break;
    }
    throw away('The gateway is not whole at the moment; try again');
  }

  /** One after the other; those that came while one was on its way go together. */
  async function handOnAll(account: AccountId, texts: Waiting[]): Promise<void> {
    while (texts.length > 0) {
      const some = texts.splice(0, atOnce);
      try {
        await handOn(
          account,
          some.map(({ text }) => text),
        );
        for (const { sent } of some) sent.resolve();
      } catch (error) {
        for (const { sent } of some) sent.reject(error);
      }
      waiting -= some.length;
    }
    lines.delete(account);
  }

  return {
    async forward(account, text) {
      if (waiting >= waitingCap) throw new GatewayError('queue-full');
      waiting++;
      const sent = Promise.withResolvers<void>();
      const line = lines.get(account);
      if (line !== undefined) line.texts.push({ text, sent });
      else {
        const texts = [{ text, sent }];
        lines.set(account, { texts, over: Promise.resolve().then(() => handOnAll(account, texts)) });
      }
      return sent.promise;
    },
    async handedOn(withinMs) {
      const enough = new AbortController();
      const late = clock.sleep(withinMs, enough.signal).catch(() => undefined);
      await Promise.race([Promise.all([...lines.values()].map(({ over }) => over)), late]);
      enough.abort();
    },
  };
}

interface Waiting {
  readonly text: string;
  readonly sent: PromiseWithResolvers<void>;
}

const away = (text: string): GatewayError => new GatewayError('storage-away', { text });
