/** The stores in memory keep the stores' promises. */
import { createMemoryStores } from '../harness/memory-stores.ts';
import { describeStores } from './stores.ts';

const memory = createMemoryStores({ now: () => Date.now() });

describeStores('memory', () => {
  const first = crypto.randomUUID();
  return {
    outbox: memory.outbox,
    journal: memory.journal,
    leases: memory.leases(first),
    others: memory.leases(crypto.randomUUID()),
    expire: async () => memory.expire(first),
    revive: async () => undefined,
  };
});
