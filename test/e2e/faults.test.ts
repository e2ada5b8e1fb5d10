/**
 * The table of faults: each is done while two people talk in numbers, and of each it is counted what became of them. Nothing accepted may be lost or out of
 * order; what comes twice is counted. `npm run soak` has them longer, in any order, again and again.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { createFalseTime, hasFalseTime } from '../harness/false-time.ts';
import { type Fault, faultsOfOne, faultsOfSeveral } from '../harness/faults.ts';
import { useWorld } from '../harness/scenario.ts';
import { hasSmallDisks } from '../harness/small-disk.ts';
import { inSoak, soakSeed } from '../harness/soak.ts';
import { Stage } from '../harness/stage.ts';
import { Talk } from '../harness/talk.ts';
import type { RealWorld } from '../harness/world.ts';

const perSecond = 40;
/** Until all has come to its end after a fault. */
const endMs = 90_000;

/** Two people talk before, while and after it strikes. */
async function play(world: RealWorld, fault: Fault): Promise<void> {
  await using stage = new Stage(world);
  const talk = await Talk.begin(stage, { total: Math.max(150, perSecond * (fault.seconds + 2)), perSecond });
  await talk.until('they talk', () => talk.out.reflected > 40 && talk.in.said > 40);
  await talk.during(() => fault.strike(world, talk));
  if (fault.isCut) await talk.julietRepeats(endMs);
  await talk.finish(endMs);
  await talk.verdict(fault.name);
  expect(talk.out.done).toBe(true);
}

function playAll(world: () => RealWorld, faults: readonly Fault[]): void {
  for (const fault of inSoak(faults)) test(fault.name, () => play(world(), fault), 300_000);
}

describe('an edge and two workers, with PostgreSQL, behind Prosody', () => {
  const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'], sql: 'postgres', lines: soakSeed });
  playAll(world, faultsOfSeveral(inSoak.isOn));
});

describe(`one process, behind ${hasEjabberd() ? 'ejabberd' : 'Prosody'}`, () => {
  const time = hasFalseTime() ? createFalseTime() : undefined;
  const world = useWorld({
    ircd: 'ngircd',
    ...(hasEjabberd() && { server: 'ejabberd' }),
    diskMegabytes: 64,
    env: () => time?.env ?? {},
  });
  playAll(world, faultsOfOne(time, hasSmallDisks(), inSoak.isOn));
  afterAll(() => time?.remove());
});
