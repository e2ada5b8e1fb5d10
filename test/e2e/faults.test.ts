/**
 * The table of faults, of an edge and two workers: each is done while two people talk in numbers, and of each it is counted what became of them. Nothing
 * accepted may be lost or out of order; what comes twice is counted. `npm run soak` has them longer, in any order, again and again.
 */
import { describe } from 'vitest';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { playFaults } from '../harness/fault-table.ts';
import { edgeIsFollowed, faultsOfSeveral } from '../harness/faults.ts';
import { faultsTogether } from '../harness/faults-together.ts';
import { useWorld } from '../harness/scenario.ts';
import { inSoak, soakSeed } from '../harness/soak.ts';

describe('an edge and two workers, with PostgreSQL, behind Prosody', () => {
  const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'], sql: 'postgres', lines: soakSeed });
  playFaults(world, faultsOfSeveral(inSoak.isOn));
});

describe.runIf(inSoak.isOn)('the same, where several things go wrong at once', () => {
  const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'], sql: 'postgres', lines: soakSeed });
  playFaults(world, faultsTogether);
});

// It takes two streams of one domain, which Prosody refuses.
describe.runIf(inSoak.isOn && hasEjabberd())('two edges and two workers, behind ejabberd', () => {
  const world = useWorld({ ircd: 'ngircd', server: 'ejabberd', roles: ['edge', 'worker', 'worker'], lines: soakSeed });
  playFaults(world, [edgeIsFollowed]);
});
