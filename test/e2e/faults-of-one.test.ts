/**
 * The table of faults, of one process: each is done while two people talk in numbers, and of each it is counted what became of them. Nothing
 * accepted may be lost or out of order; what comes twice is counted. `npm run soak` has them longer, in any order, again and again.
 */
import { afterAll, describe } from 'vitest';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { createFalseTime, hasFalseTime } from '../harness/false-time.ts';
import { playFaults } from '../harness/fault-table.ts';
import { faultsOfOne } from '../harness/faults.ts';
import { useWorld } from '../harness/scenario.ts';
import { hasSmallDisks } from '../harness/small-disk.ts';
import { inSoak, soakSeed } from '../harness/soak.ts';

describe(`one process, behind ${hasEjabberd() ? 'ejabberd' : 'Prosody'}`, () => {
  const time = hasFalseTime() ? createFalseTime() : undefined;
  const world = useWorld({
    ircd: 'ngircd',
    ...(hasEjabberd() && { server: 'ejabberd' }),
    diskMegabytes: 64,
    lines: soakSeed,
    env: () => time?.env ?? {},
  });
  playFaults(world, faultsOfOne(time, hasSmallDisks(), inSoak.isOn));
  afterAll(() => time?.remove());
});
