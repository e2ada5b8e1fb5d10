/** An executor around a face and a session that write down what they are asked. */
import { vi } from 'vitest';
import { createContacts } from '../../../src/accounts/contacts.ts';
import { createDeeds } from '../../../src/accounts/deeds.ts';
import { createExecutor } from '../../../src/accounts/execute.ts';
import type { Uploads } from '../../../src/accounts/uploading.ts';
import { createWaiting } from '../../../src/accounts/waiting.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import { plainText } from '../../../src/core/content.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { type ChatId, deliveryKey, personId } from '../../../src/core/ids.ts';
import type { DurableIntent, Origin } from '../../../src/core/intent.ts';
import type { Taken } from '../../../src/delivery/lanes.ts';
import type { Entering, Face } from '../../../src/gateway/face.ts';
import { empty } from '../../../src/xml/writer.ts';
import { createTestWorld, desk, romeo, verona } from './account-world.ts';

const nothing = { stanzas: [], archive: [] };
/** Somebody says it in verona. */
export const say = (text: string, privately?: string): DurableIntent => ({
  kind: 'send',
  chat: verona,
  content: { text: plainText(text) },
  ...(privately !== undefined && { privately }),
});
/** Romeo comes into verona. */
export const join: DurableIntent = { kind: 'join', chat: verona, nick: 'romeo', password: 'sesame' };

/** One account's executor, and what is asked by it. */
export function setUp(uploads?: Uploads) {
  const test = createTestWorld();
  const calls: string[] = [];
  const state = {
    isIn: false,
    clients: [] as string[],
    current: undefined as Session | Promise<Session> | undefined,
    told: undefined as Promise<void> | undefined,
  };
  const alone = new Set<ChatId>();
  const beside = new Map<ChatId, number>();
  const crowd = { others: 0 };
  const entering: Entering = {
    since: undefined,
    get others() {
      return crowd.others;
    },
    some(atMost) {
      calls.push(`some ${atMost}`);
      crowd.others -= atMost;
      return [{ kind: 'presence', from: '#verona@net.test/juliet', to: [desk], body: empty }];
    },
    finish(past) {
      calls.push(`finish ${past.length}`);
      state.clients.push(desk);
      return [];
    },
    abandon: () => void calls.push('abandon'),
  };
  const face: Face = {
    ...{ pictured: () => [], reconfigured: () => [], avatarOf: () => undefined, listens: () => [] },
    ...{ roomPictured: () => [], roomAvatar: () => undefined, past: () => [], ownNick: () => undefined },
    apply: () => nothing,
    ...{ attach: () => [], shutOut: () => [], hear: () => ({ stanzas: [] }) },
    isIn: () => state.isIn,
    leftSince: () => undefined,
    begin: () => entering,
    wants: () => ({ max: 5 }),
    check: () => {},
    acts: ({ targets }) =>
      targets.map(({ nick, action }) => {
        if (nick !== 'juliet') throw new GatewayError('no-such-person');
        return { person: personId(nick), action };
      }),
    meant: (_, content) => content,
    whois: (_, nick) => (nick === 'juliet' ? personId('juliet') : undefined),
    sending: () => {},
    ...{ find: () => undefined, authorOf: () => undefined, mustBeTheirs: () => {}, lastOwn: () => undefined },
    named: () => undefined,
    learn: () => undefined,
    done: () => ({ ...nothing, result: 'told' }),
    failed: () => nothing,
    tell: (_, told) => {
      if (told !== undefined) calls.push(`told ${told}`);
      return [];
    },
    again: () => [],
    dismiss: () => [],
    shown: () => undefined,
    ...{ askedBy: () => undefined, doubt: () => () => undefined },
    clients: () => state.clients,
    rooms: () => [],
    hasRoom: () => false,
    contacts: () => [],
    block: () => [],
    knowContacts: () => {},
    listed: { name: () => {}, wait: () => {}, place: () => {}, ask: () => [], drop: () => [] },
    forget: () => {},
    snapshot: () => undefined,
    restore: () => {},
  };
  const clients = {
    departed: vi.fn(),
    entered: vi.fn(),
    locked: () => undefined,
    refused: () => {},
    since: () => Promise.resolve(undefined),
    password: (): string | undefined => 'kept',
    left: (chat: ChatId) => void calls.push(`left ${chat}`),
    changed: () => {},
    load: async () => {},
    rejoin: async () => {},
    ...{ reconfigured: () => {}, connected: () => {}, askAround: () => {} },
    save: async () => {},
    close: () => {},
  };
  const session: Session & { reconcile?: Session['reconcile'] } = {
    me: personId('romeo'),
    limits: () => ({ textBytes: 10, maxBytes: 20, concurrency: 4, window: 4, dedupes: false }),
    async send(message, { chat }) {
      calls.push(`send ${chat} ${message.text?.plain}`);
      return { refs: [], at: 0 };
    },
    rooms: {
      join: async (chat, { nick, password }) => void calls.push(`join ${chat} ${nick} ${password}`),
      leave: async (chat, reason) => void calls.push(`leave ${chat} ${reason}`),
    },
    end: async () => {},
  };
  const connect = async (): Promise<Session> => {
    state.current = session;
    return session;
  };
  const row = { id: romeo, domain: 'net.test', owner: 'romeo@test' };
  const execute = createExecutor({
    row,
    face,
    world: { ...test.world, uploads },
    clients,
    deeds: createDeeds(row, face, test.world),
    waiting: createWaiting(row, face, test.world),
    ...{ alone, beside },
    freed: (chat) => void calls.push(`freed ${chat}`),
    connection: { connect, coming: () => state.current },
    deliver: () => {},
    told: () => state.told,
    catchingUp: { lost: () => {}, settled: async () => {} },
    grace: { begin() {} },
    contacts: createContacts(row, face, test.world),
    listing: { add: async () => {}, look: () => {}, said: async () => {} },
  });
  const origin: Origin = { from: desk, to: '#verona@net.test', via: 'message', at: 0 };
  const taken = (intent: DurableIntent, attempt = 1): Taken => ({
    key: deliveryKey('1-0'),
    intent,
    origin,
    attempt,
    signal: new AbortController().signal,
  });
  return { ...test, calls, crowd, state, alone, beside, face, clients, session, execute, taken };
}
