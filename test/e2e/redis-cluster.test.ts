/** The gateway over a Redis Cluster: an edge and two workers that meet in three nodes. Of a fault it is counted what became of what two people say meanwhile. */
import { describe } from 'vitest';
import { playFaults } from '../harness/fault-table.ts';
import { faultsOfCluster } from '../harness/faults.ts';
import { isWhole } from '../harness/matrix.ts';
import { useWorld } from '../harness/scenario.ts';
import { inSoak } from '../harness/soak.ts';

describe('an edge and two workers, over a Redis Cluster', () => {
  const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'], redis: 'cluster' });
  playFaults(world, faultsOfCluster(inSoak.isOn || isWhole()));
});
