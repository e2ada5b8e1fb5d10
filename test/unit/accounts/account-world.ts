/** A world for one account's parts in memory: what is sent is kept, time stands still. */

import { vi } from 'vitest';
import { noArchive } from '../../../src/accounts/archiving.ts';
import { createPace } from '../../../src/accounts/pace.ts';
import { createTelling } from '../../../src/accounts/telling.ts';
import { createVault } from '../../../src/accounts/vault.ts';
import type { AccountWorld } from '../../../src/accounts/world.ts';
import { accountId, type ChatId, chatId, type PersonId } from '../../../src/core/ids.ts';
import type { ListedRow } from '../../../src/core/listed.ts';
import { noSettings } from '../../../src/core/settings.ts';
import { createLanes } from '../../../src/delivery/lanes.ts';
import { createOutbox } from '../../../src/delivery/outbox.ts';
import type { Outgoing } from '../../../src/gateway/face.ts';
import type { AccountStore, ArchiveRow, MembershipRow } from '../../../src/storage/ports.ts';
import { createManualClock, type ManualClock } from '../../harness/manual-clock.ts';
import { createMemoryStores, type Memory } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';

export const romeo = accountId('romeo on net');
export const verona: ChatId = chatId('#verona');
export const mantua: ChatId = chatId('#mantua');
export const desk = 'romeo@test/desk';
export const phone = 'romeo@test/phone';

export interface TestWorld {
  readonly world: AccountWorld;
  readonly clock: ManualClock;
  readonly memory: Memory;
  readonly sent: Outgoing[];
  readonly rooms: Map<ChatId, MembershipRow>;
  readonly accounts: Map<string, unknown>;
  /** Answers the oldest question whether a client is there. */
  answer(online: boolean): Promise<void>;
  readonly past: { rows: readonly ArchiveRow[]; fails: boolean };
  readonly store: { fails: boolean };
}

export function createTestWorld(): TestWorld {
  const clock = createManualClock();
  const memory = createMemoryStores(clock);
  const sent: Outgoing[] = [];
  const rooms = new Map<ChatId, MembershipRow>();
  const accounts = new Map<string, Parameters<AccountStore['put']>[0]>();
  const contacts = new Set<PersonId>();
  const blocked = new Set<PersonId>();
  const listed = new Map<PersonId, ListedRow>();
  const questions: ((online: boolean) => void)[] = [];
  const past: TestWorld['past'] = { rows: [], fails: false };
  const storeState = { fails: false };
  const check = (): void => {
    if (storeState.fails) throw new Error('the disk is full');
  };
  const store: AccountStore = {
    all: async () => [...accounts.values()],
    owned: async (_, owner) => [...accounts.values()].filter((row) => row.owner === owner),
    async get(id) {
      check();
      return accounts.get(id);
    },
    async put(row) {
      check();
      accounts.set(row.id, row);
    },
    async remove(id) {
      check();
      accounts.delete(id);
      rooms.clear();
    },
    contacts: async () => [...contacts],
    putContact: async (_, person) => void contacts.add(person),
    removeContact: async (_, person) => void contacts.delete(person),
    blocked: async () => [...blocked],
    putBlocked: async (_, person) => void blocked.add(person),
    removeBlocked: async (_, person) => void blocked.delete(person),
    listed: async () => [...listed.values()],
    putListed: async (row) => void listed.set(row.person, row),
    removeListed: async (_, person) => void listed.delete(person),
    memberships: async () => [...rooms.values()],
    async putMembership(row) {
      check();
      rooms.set(row.chat, row);
    },
    async removeMembership(_, chat) {
      check();
      rooms.delete(chat);
    },
    bookmarks: async () => [],
    putBookmark: async () => {},
    removeBookmark: async () => {},
    ids: async () => [...accounts.values()].map(({ id }) => id),
    async erase(id) {
      accounts.delete(id);
      rooms.clear();
      contacts.clear();
      blocked.clear();
      listed.clear();
    },
  };
  const world: AccountWorld = {
    domain: 'net.test',
    mayComeIn: () => undefined,
    log: silentLog,
    clock,
    send: (stanzas) => void sent.push(...stanzas),
    tell: createTelling({
      domain: 'net.test',
      preferences: { language: async () => undefined },
      send: (stanzas) => void sent.push(...stanzas),
    }),
    pressure: () => undefined,
    crowds: createPace(500),
    outbox: createOutbox({ store: memory.outbox }),
    lanes: (account, fence, options) =>
      createLanes({ account, fence, store: memory.outbox, clock, log: silentLog, wake: async () => {}, ...options }),
    archive: {
      ...noArchive,
      keep: vi.fn(),
      async recent() {
        if (past.fails) throw new Error('the archive is locked');
        return past.rows;
      },
      close: async () => {},
    },
    store,
    quotas: { servers: 2, rooms: 3, messagesPerMinute: undefined },
    vault: createVault([new Uint8Array(32)]),
    preferences: {
      of: async () => noSettings,
      change: async () => {},
      heard: async () => {},
      language: async () => undefined,
    },
    admits: () => true,
    iqs: { ask: async () => undefined },
    credentials: { of: async () => undefined, has: async () => false },
    pings: {
      isOnline: () => new Promise((resolve) => questions.push(resolve)),
      isGone: () => new Promise((resolve) => questions.push((there) => resolve(!there))),
    },
    requests: { ask: async () => ({ is: 'error', condition: 'service-unavailable' }) },
    rosters: {
      may: () => 'nothing',
      read: async () => undefined,
      put: async () => false,
      remove: async () => false,
    },
    bookmarks: { may: () => false, add: async () => undefined, rename: async () => false, remove: async () => false },
    capabilities: { with: async () => [], of: async () => undefined },
    pace: { turn: async () => {} },
    probes: { ask() {} },
    settled: async () => {},
    questions: { ask: () => {}, close: () => {} },
    async erase(id) {
      const waited = await memory.outbox.erase(id);
      await store.erase(id);
      return waited;
    },
    countEvent: () => {},
    ignore: () => {},
  };
  return {
    world,
    clock,
    memory,
    sent,
    rooms,
    accounts,
    past,
    store: storeState,
    async answer(online) {
      questions.shift()?.(online);
      await clock.advance(0);
    },
  };
}
