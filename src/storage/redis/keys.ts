/** Where things are in Redis. `{…}` is the hash tag: all keys of one account are in one slot, so that Redis Cluster can split accounts. */
import { type AccountId, accountId } from '../../core/ids.ts';

/** The number of this layout. Raised whenever an older Isthmus could no longer read what is there, or we what it wrote. */
export const layout = '1';
export const layoutKey = 'isthmus:layout';
/** Names this Redis, made up by whoever came first. */
export const nameKey = 'isthmus:name';

export interface AccountKeys {
  readonly outbox: string;
  readonly dead: string;
  readonly young: string;
  readonly old: string;
  readonly lease: string;
  readonly fence: string;
}

/** An account's keys. */
export function accountKeys(account: AccountId): AccountKeys {
  const at = `isthmus:{${account}}:`;
  return {
    outbox: `${at}outbox`,
    dead: `${at}dead`,
    young: `${at}marks:young`,
    old: `${at}marks:old`,
    lease: `${at}lease`,
    fence: `${at}fence`,
  };
}

/** For SCAN: all keys of the accounts whose ids begin and end so. */
export const accountKeysLike = (begin: string, end: string): string =>
  `isthmus:{${escapeGlob(begin)}*${escapeGlob(end)}}:*`;

/** The same: the dead letters of all accounts. */
export const deadLike = 'isthmus:{*}:dead';

/** The same: the keys of all accounts and domains. */
export const dumpedLike = 'isthmus:{*}:*';

/** Whose key that is. */
export const accountOf = (key: string): AccountId => accountId(key.slice('isthmus:{'.length, key.lastIndexOf('}:')));

const escapeGlob = (text: string): string => text.replace(/[\\*?[\]^-]/g, '\\$&');

/** The accounts that have entries in their outbox. Not in the accounts’ slots: one of the things that keep us from Redis Cluster (src/design/redis-cluster.md). */
export const waitingKey = 'isthmus:waiting';
/** All workers known, and each one's sign of life. */
export const workersKey = 'isthmus:workers';
/** The highest fence of the component streams under which an edge has handed something on. */
export const heardKey = 'isthmus:heard';
export const lifeKeyBegin = 'isthmus:worker:';
export const lifeKey = (worker: string): string => lifeKeyBegin + worker;

/** A process' mailbox is between these two. */
export const postKeyParts = ['isthmus:{', '}:post'] as const;
export const postKey = (worker: string): string => postKeyParts.join(worker);

/** A journal stream is named `<domain>/<worker>`; the set of a domain's streams is in the same slot. */
export const journalKey = (stream: string): string => `isthmus:{${domainOf(stream)}}:journal:${stream}`;
export const journalsKey = (domain: string): string => `isthmus:{${domain}}:journals`;

/** The domain of a journal stream. */
export function domainOf(stream: string): string {
  const slash = stream.indexOf('/');
  return slash < 0 ? stream : stream.slice(0, slash);
}
