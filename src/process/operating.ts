/** The operator's page of one process, put together: what it sees of itself, what the others tell it, and what it answers. */
import type { Account } from '../accounts/account-port.ts';
import { inTime } from '../accounts/in-time.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import type { Jobs } from '../delivery/jobs.ts';
import type { JobsView } from '../gateway/operator-page/views.ts';
import type { OutboxStore } from '../storage/ports.ts';
import type { Post } from '../storage/process-ports.ts';
import { createOperatorPages } from './operator-pages.ts';
import { createOperatorPost } from './operator-post.ts';
import { createOwnSight } from './operator-sight.ts';
import type { RoleParts, Served } from './role.ts';

export interface OperatingParts {
  /** Those that run here, by domain. Absent: none do. */
  readonly accounts?: () => Iterable<readonly [domain: string, account: Account]>;
  /** Absent: this process runs none. */
  readonly jobs?: Pick<Jobs, 'view'>;
  readonly outboxStore: OutboxStore;
  /** The way to other processes; absent: there are none. */
  readonly post?: Pick<Post, 'send'>;
  /** Has whoever runs that account look into its outbox. */
  wake(account: AccountId, chat: ChatId): Promise<void>;
}

export interface Operating {
  /** For the HTTP port. */
  readonly page: Served['operatorPage'];
  /** Offers a text of the mailbox; false: it is not for us. */
  take(text: string): boolean;
  close(): void;
}

/** Others wait for it with us, and not for much longer. */
const jobsWithinMs = 1_000;

const seen = (jobs: Pick<Jobs, 'view'>): Promise<JobsView | undefined> => jobs.view().catch(() => undefined);

const noPage: Operating = { page: undefined, take: () => false, close: () => undefined };

/** Without a token in the configuration there is no page, and nothing is sampled. */
export function openOperating(role: RoleParts, parts: OperatingParts): Operating {
  const { config, stores, clock, log } = role;
  const { operatorToken: token } = config.http;
  if (token === undefined) return noPage;
  const { workers } = stores;
  const { accounts = () => [], jobs, outboxStore, wake } = parts;
  const own = createOwnSight({ ...role, self: workers.self, accounts });
  const sight = createOperatorPost({
    ...{ clock, log },
    own: async () => ({ view: own.now(), jobs: jobs && (await inTime(seen(jobs), jobsWithinMs, clock)) }),
    post: parts.post ?? { send: async () => undefined },
    workers: parts.post === undefined ? { self: workers.self, alive: async () => [workers.self] } : workers,
  });
  return {
    page: createOperatorPages({ token, sight, outboxStore, wake, clock, log }),
    take: sight.take,
    close: own.close,
  };
}
