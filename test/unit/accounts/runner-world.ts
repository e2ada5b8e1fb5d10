/** A runner of accounts over stores in memory. */
import fake from '../../../bridges/fake/index.ts';
import { createNetwork } from '../../../bridges/fake/network.ts';
import { createWorld } from '../../../bridges/fake/world.ts';
import { createRunner, type Runner } from '../../../src/accounts/runner.ts';
import type { AccountId } from '../../../src/core/ids.ts';
import type { Origin } from '../../../src/core/intent.ts';
import { createFace } from '../../../src/gateway/create-face.ts';
import type { AccountKey } from '../../../src/gateway/face.ts';
import { createLooks } from '../../../src/gateway/rooms/looks.ts';
import type { Leases } from '../../../src/storage/ports.ts';
import { createTestWorld, desk, romeo, type TestWorld, verona } from './account-world.ts';

export const key: AccountKey = { id: romeo, owner: 'romeo@test' };
export const keyOf = (id: AccountId): AccountKey | undefined => (id.startsWith('romeo') ? { ...key, id } : undefined);
export const origin: Origin = { from: desk, to: '#verona@net.test/romeo', via: 'presence', at: 1_700_000_000_000 };
export const join = { kind: 'join', chat: verona, nick: 'romeo' } as const;

export interface Setup extends TestWorld {
  readonly runner: Runner;
  readonly fakeWorld: ReturnType<typeof createWorld>;
  another(world?: TestWorld['world']): Runner;
}

export function setUp(leasesOf?: (made: Leases) => Leases, registered: readonly AccountId[] = []): Setup {
  const test = createTestWorld();
  const fakeWorld = createWorld(test.clock);
  const network = createNetwork(fake.config.parse({}), fakeWorld, { clock: test.clock });
  const make = (worker: string, world = test.world): Runner => {
    const leases = test.memory.leases(worker);
    return createRunner({
      network,
      world,
      leases: leasesOf?.(leases) ?? leases,
      outbox: test.memory.outbox,
      registered: async () => registered,
      keyOf,
      face: (account) =>
        createFace({
          domain: 'net.test',
          account,
          addresses: network.addresses,
          newId: () => 'id',
          occupantId: (_, who) => who,
          looks: createLooks(),
          now: () => test.clock.now(),
        }),
    });
  };
  const runner = make('one');
  runner.begin();
  return { ...test, runner, fakeWorld, another: (world) => make('two', world) };
}

export const accept = (
  { world }: TestWorld,
  intent: Parameters<typeof world.outbox.append>[1] = join,
  of: Origin = origin,
) => new Promise((resolve, reject) => world.outbox.append(romeo, intent, of, { accepted: resolve, refused: reject }));

export async function calm({ clock }: TestWorld): Promise<void> {
  for (let i = 0; i < 20; i++) await clock.advance(0);
}
