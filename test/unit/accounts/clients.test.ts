/** Clients over time: what a departure means, what is kept for whom, and the way back after a restart. */

import { beforeEach, describe, expect, test } from 'vitest';
import fake from '../../../bridges/fake/index.ts';
import { createNetwork } from '../../../bridges/fake/network.ts';
import { createWorld } from '../../../bridges/fake/world.ts';
import { createPresenceOfClients, type PresenceOfClients } from '../../../src/accounts/clients.ts';
import type { Session } from '../../../src/bridge/contract.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { type ChatId, personId } from '../../../src/core/ids.ts';
import { createFace } from '../../../src/gateway/create-face.ts';
import type { Face } from '../../../src/gateway/face.ts';
import { createLooks } from '../../../src/gateway/rooms/looks.ts';
import type { MembershipRow } from '../../../src/storage/ports.ts';
import { createTestWorld, desk, mantua, phone, romeo, type TestWorld, verona } from './account-world.ts';

const saved = (chat: ChatId, more: Partial<MembershipRow> = {}): MembershipRow => ({
  account: romeo,
  chat,
  local: chat,
  nick: 'romeo',
  clients: [desk],
  away: {},
  occupants: ['participant romeo'],
  ...more,
});

interface Setup extends TestWorld {
  readonly clients: PresenceOfClients;
  readonly face: Face;
  /** What was appended: "leave #chat reason". */
  readonly asked: string[];
  readonly joined: string[];
  readonly left: string[];
  readonly session: Session;
  readonly state: { refuses: GatewayError | undefined; full: boolean; empty: number };
  calm(): Promise<void>;
}

function setUp(rows: readonly MembershipRow[] = [], options: object = {}): Setup {
  const test = createTestWorld();
  for (const row of rows) test.rooms.set(row.chat, row);
  const network = createNetwork(fake.config.parse(options), createWorld(test.clock), { clock: test.clock });
  const account = { id: romeo, owner: 'romeo@test' };
  const face = createFace({
    domain: 'net.test',
    account,
    addresses: network.addresses,
    newId: () => 'id',
    occupantId: (_, who) => who,
    looks: createLooks(),
    now: () => test.clock.now(),
  });
  const asked: string[] = [];
  const joined: string[] = [];
  const left: string[] = [];
  const state: Setup['state'] = { refuses: undefined, full: false, empty: 0 };
  const session: Session = {
    me: personId('romeo'),
    limits: () => ({ textBytes: 1, maxBytes: 1, concurrency: 1, window: 1, dedupes: false }),
    send: () => Promise.reject(new Error('not here')),
    rooms: {
      async join(chat, { nick, password }) {
        joined.push(`${chat} ${nick} ${password}`);
        if (state.refuses !== undefined) throw state.refuses;
        const member = { person: personId('romeo'), nick: 'romeo', power: 'participant' } as const;
        face.apply({ kind: 'members', at: new Date(0), chat, changes: [{ is: 'in', member }], complete: true });
      },
      leave: async (chat) => void left.push(chat),
    },
    end: async () => {},
  };
  face.attach(session);
  const clients = createPresenceOfClients({ ...account, domain: 'net.test' }, network, face, test.world, {
    async append(intent) {
      if (state.full) throw new GatewayError('queue-full');
      asked.push(`${intent.kind} ${intent.chat} ${intent.kind === 'leave' ? intent.reason : ''}`);
    },
    onEmpty: () => void state.empty++,
  });
  const calm = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await test.clock.advance(0);
  };
  return { ...test, clients, face, asked, joined, left, session, state, calm };
}

let it: Setup = setUp();
beforeEach(() => {
  it = setUp();
});

const away = (how: 'left' | 'ended' | 'bounced', reason?: string) => ({
  chat: verona,
  client: desk,
  how,
  ...(reason !== undefined && { reason }),
});

describe('departures', () => {
  test('45-56 who still answers has left: the room is left at once, with the reason', async () => {
    it.clients.departed(away('left', 'the lark'));
    expect(it.asked).toEqual([]);
    await it.answer(true);
    expect(it.asked).toEqual(['leave #verona the lark']);
    expect(await it.clients.since(verona, desk)).toBeUndefined();
  });

  test('45-56 who answers after its stream was ended has a while to come in again', async () => {
    it.clients.departed(away('ended', 'Replaced by new connection'));
    await it.answer(true);
    await it.clock.advance(14_999);
    expect(it.asked).toEqual([]);
    await it.clock.advance(1);
    expect(it.asked).toEqual(['leave #verona Replaced by new connection']);
  });

  test('45-56 and has not left when it went once more meanwhile', async () => {
    it.clients.departed(away('ended'));
    await it.answer(true);
    await it.clock.advance(10_000);
    it.clients.entered(verona, desk, undefined);
    it.clients.departed(away('bounced'));
    await it.clock.advance(290_000);
    expect(it.asked).toEqual([]);
  });

  test('45-56 who does not is away since it went, not since it was asked', async () => {
    const at = it.clock.now();
    it.clients.departed(away('left'));
    expect(await it.clients.since(verona, desk)).toBe(at);
    await it.clock.advance(10_000);
    await it.answer(false);
    expect(await it.clients.since(verona, desk)).toBe(at);
    await it.clock.advance(290_000);
    expect(it.asked).toEqual(['leave #verona undefined']);
  });

  test('whoever comes back has missed what is stamped behind what it heard last, which may be before it went', async () => {
    const at = it.clock.now();
    it.clients.departed({ ...away('bounced'), since: at - 400 });
    await it.clock.advance(1000);
    expect(await it.clients.since(verona, phone)).toBe(at - 400);
    it.clients.entered(verona, phone, undefined);
    expect(await it.clients.since(verona, phone)).toBeUndefined();
  });

  test('another client of the same user coming back counts', async () => {
    it.clients.departed(away('bounced'));
    expect(await it.clients.since(verona, phone)).toBe(it.clock.now());
    it.clients.entered(verona, phone, undefined);
    await it.clock.advance(400_000);
    expect(await it.clients.since(verona, desk)).toBeUndefined();
    expect(it.asked).toEqual([]);
  });

  test('a client that comes in once more without having gone is no other one coming back', async () => {
    it.clients.departed(away('bounced'));
    it.clients.entered(verona, phone, undefined, true);
    expect(await it.clients.since(verona, desk)).toBe(it.clock.now());
  });

  test('a leave that can not be accepted is tried again', async () => {
    it.state.full = true;
    it.clients.departed(away('left', 'the lark'));
    await it.answer(true);
    it.state.full = false;
    await it.clock.advance(30_000);
    expect(it.asked).toEqual(['leave #verona the lark']);
  });

  test('left: nothing of the room is kept', async () => {
    it.clients.departed(away('bounced'));
    it.clients.left(verona);
    await it.clock.advance(400_000);
    expect(it.asked).toEqual([]);
    expect(it.state.empty).toBe(1);
  });

  test('stopped: nothing happens any more, but who is away is still written down', async () => {
    it = setUp([saved(verona)]);
    await it.clients.load();
    it.clients.departed(away('bounced'));
    const at = it.clock.now();
    it.clients.close();
    await it.clients.save();
    expect(it.rooms.get(verona)?.away).toEqual({ [desk]: at });
    await it.clock.advance(400_000);
    expect(it.asked).toEqual([]);
  });
});

describe('after a restart', () => {
  const connect = async (): Promise<Session> => it.session;

  test('114-53 the rooms are entered again with nick and password', async () => {
    const before = setUp();
    it = setUp([saved(verona, { password: before.world.vault.seal('sesame', romeo) }), saved(mantua)]);
    await it.clients.load();
    expect(it.face.clients(verona)).toEqual([desk]);
    await it.clients.rejoin(connect);
    expect(it.joined).toEqual(['#verona romeo sesame', '#mantua romeo undefined']);
    expect(it.face.isIn(verona)).toBe(true);
  });

  test('who does not answer is out of that room only, and waited for', async () => {
    it = setUp([saved(verona), saved(mantua)]);
    await it.clients.load();
    await it.clients.rejoin(connect);
    await it.answer(false);
    expect(it.face.clients(verona)).toEqual([]);
    expect(it.face.clients(mantua)).toEqual([desk]);
    expect(it.sent.map(({ type, from }) => `${type} ${from}`)).toEqual(['unavailable #verona@net.test/romeo']);
    await it.answer(false);
    expect(await it.clients.since(mantua, desk)).toBe(it.clock.now());
  });

  test('a room in which nobody is and nobody is waited for is gone', async () => {
    const now = it.clock.now();
    it = setUp([
      saved(verona, { clients: [], away: { [desk]: now - 300_000 } }),
      saved(mantua, { clients: [], away: { [desk]: now - 1 } }),
    ]);
    await it.clients.load();
    await it.calm();
    expect(it.face.rooms()).toEqual([mantua]);
    expect([...it.rooms.keys()]).toEqual([mantua]);
  });

  test('refused for good: out with 333, and nobody else', async () => {
    it = setUp([saved(verona)]);
    await it.clients.load();
    it.state.refuses = new GatewayError('banned', { text: 'Banished' });
    await it.clients.rejoin(connect);
    expect(it.sent.at(-1)).toMatchObject({ type: 'unavailable', to: [desk] });
    expect(it.face.rooms()).toEqual([]);
    expect(it.state.empty).toBe(1);
  });

  test.each(['too-fast', 'network-away', 'timed-out'] as const)(
    'refused for the moment (%s): tried again',
    async (code) => {
      it = setUp([saved(verona)]);
      await it.clients.load();
      it.state.refuses = new GatewayError(code);
      const back = it.clients.rejoin(connect);
      await it.calm();
      expect(it.face.clients(verona)).toEqual([desk]);
      it.state.refuses = undefined;
      await it.clock.advance(5_000);
      await back;
      expect(it.face.isIn(verona)).toBe(true);
    },
  );

  test('a network that is away is tried again, at once when somebody else got through', async () => {
    it = setUp([saved(verona)]);
    await it.clients.load();
    let reachable = false;
    const back = it.clients.rejoin(async () => {
      if (!reachable) throw new GatewayError('no-connection');
      return it.session;
    });
    await it.clock.advance(60_000);
    expect(it.joined).toEqual([]);
    reachable = true;
    it.clients.connected();
    await it.calm();
    await back;
    expect(it.joined).toHaveLength(1);
  });

  test('a room that was left while it was being entered is left on the network too', async () => {
    it = setUp([saved(verona)]);
    await it.clients.load();
    const entered = Promise.withResolvers<void>();
    Object.assign(it.session.rooms ?? {}, { join: () => entered.promise });
    const back = it.clients.rejoin(connect);
    await it.calm();
    it.clients.left(verona);
    entered.resolve();
    await back;
    expect(it.left).toEqual([verona]);
  });

  test('a refused login is not tried again by an account that stays connected: what its owner mends brings it back', async () => {
    it = setUp([saved(verona)], { logins: 'required' });
    await it.clients.load();
    let asked = 0;
    let refused: GatewayError | undefined = new GatewayError('login-refused');
    const back = it.clients.rejoin(async () => {
      asked++;
      if (refused !== undefined) throw refused;
      return it.session;
    });
    await it.clock.advance(3_600_000);
    expect([asked, it.sent]).toEqual([1, []]);
    refused = undefined;
    it.clients.connected();
    await back;
    expect([asked, it.joined.length]).toEqual([2, 1]);

    it = setUp([saved(verona)], { logins: 'required' });
    await it.clients.load();
    const refuse = Promise.withResolvers<Session>();
    const closed = it.clients.rejoin(() => refuse.promise);
    it.clients.close();
    refuse.reject(new GatewayError('login-refused'));
    await closed;
  });

  test('rooms that are left between two tries, or before the first, are nothing to connect for', async () => {
    it = setUp([saved(verona), saved(mantua)]);
    await it.clients.load();
    it.clients.left(mantua);
    const asked: string[] = [];
    const back = it.clients.rejoin(async (nick) => {
      asked.push(nick);
      throw new GatewayError('no-connection');
    });
    await it.calm();
    it.clients.left(verona);
    await it.clock.advance(600_000);
    await back;
    expect(asked).toHaveLength(1);

    it = setUp([saved(verona)]);
    await it.clients.load();
    it.clients.left(verona);
    await it.clients.rejoin(() => Promise.reject(new Error('nobody asked for it')));
  });

  test('closed: the way back ends', async () => {
    it = setUp([saved(verona)]);
    await it.clients.load();
    const back = it.clients.rejoin(() => Promise.reject(new GatewayError('no-connection')));
    await it.calm();
    it.clients.close();
    await back;
    expect(it.clock.waiting).toBe(0);
  });

  test('kept for good: entered with nobody in it, and not left by a departure', async () => {
    it = setUp([saved(verona, { clients: [] })], { persistent: true });
    await it.clients.load();
    await it.clients.rejoin(connect);
    expect(it.joined).toHaveLength(1);
    it.clients.departed(away('left'));
    await it.answer(true);
    await it.clock.advance(1_000_000);
    expect(it.asked).toEqual([]);
  });
});
