/** Where things are in Redis. `{…}` is the hash tag: all keys of one account are in one slot, so that a Redis Cluster can have each account in another place. */
import { type AccountId, accountId } from '../../core/ids.ts';
import { slotOf, slots, slotTags } from './slots.ts';

/** The number of this layout. Raised whenever an older Isthmus could no longer read what is there, or we what it wrote. */
export const layout = '1';
export const layoutKey = 'isthmus:layout';
/** The same in a cluster, where some keys have other names: what one wrote is not read by the other. */
export const clusterLayout = `cluster ${layout}`;
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

/** The accounts that have entries in their outbox. */
export const waitingKey = 'isthmus:waiting';
/** Each worker's sign of life. */
const lifeKeyBegin = 'isthmus:worker:';
export const lifeKey = (worker: string): string => lifeKeyBegin + worker;

/** What is not of one account or one domain, and so has other names in a cluster, where a script reaches the keys of one slot only. */
export interface Names {
  /** All workers known. */
  readonly workers: string;
  /** A worker's sign of life is behind that… */
  readonly lifeBegin: string;
  /** …and its mailbox between these two. */
  readonly postParts: readonly [string, string];
  /** The highest fence of the component streams under which an edge has handed something on. */
  readonly heard: string;
  /** What a process has put into mailboxes last is behind that. */
  readonly postedBegin: string;
  /** The set that an account is in while it has entries in its outbox. */
  waiting(account: AccountId): string;
  /** All of these sets. */
  allWaiting(): readonly string[];
  /** Where the name is written by which a loss is noticed (continuity.ts). */
  readonly nameAt: readonly string[];
}

/** In one Redis. */
export const oneRedis: Names = {
  workers: 'isthmus:workers',
  lifeBegin: lifeKeyBegin,
  postParts: ['isthmus:{', '}:post'],
  heard: 'isthmus:heard',
  postedBegin: 'isthmus:posted:',
  waiting: () => waitingKey,
  allWaiting: () => [waitingKey],
  nameAt: [nameKey],
};

/** Parts of a cluster that are watched for a loss: whoever has at least that share of the slots in one piece has one of them. */
const watched = 64;

/**
 * In a cluster. Everything of processes is in one slot, so that scripts see all mailboxes and signs of life at one moment; the accounts that wait are in a set
 * for each slot, in that slot, so that the script that appends reaches it.
 */
export function clusterNames(): Names {
  const tags = slotTags();
  const waitingAt = (slot: number): string => `isthmus:waiting:{${tags[slot] ?? ''}}`;
  return {
    workers: 'isthmus:{workers}',
    lifeBegin: 'isthmus:{workers}:life:',
    postParts: ['isthmus:{workers}:', ':post'],
    heard: 'isthmus:{workers}:heard',
    postedBegin: 'isthmus:{workers}:posted:',
    waiting: (account) => waitingAt(slotOf(accountKeys(account).outbox)),
    allWaiting: () => tags.map((_, slot) => waitingAt(slot)),
    nameAt: Array.from({ length: watched }, (_, part) => `isthmus:name:{${tags[(part * slots) / watched] ?? ''}}`),
  };
}

/** Until it expires, it says that what was to be erased under that name is. */
export const erasedKey = (as: string): string => `isthmus:erased:${as}`;

export const lifeOf = ({ lifeBegin }: Names, worker: string): string => lifeBegin + worker;
export const postedBy = ({ postedBegin }: Names, sender: string): string => postedBegin + sender;
export const postOf = ({ postParts }: Names, worker: string): string => postParts.join(worker);

/** A journal stream is named `<domain>/<worker>`; the set of a domain's streams is in the same slot. */
export const journalKey = (stream: string): string => `isthmus:{${domainOf(stream)}}:journal:${stream}`;
export const journalsKey = (domain: string): string => `isthmus:{${domain}}:journals`;

/** The domain of a journal stream. */
export function domainOf(stream: string): string {
  const slash = stream.indexOf('/');
  return slash < 0 ? stream : stream.slice(0, slash);
}
