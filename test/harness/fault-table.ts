/** Plays faults as tests: of each it is counted what became of the numbers that two people said while it struck. */
import { expect, test } from 'vitest';
import type { Fault } from './faults.ts';
import { inSoak } from './soak.ts';
import { Stage } from './stage.ts';
import { Talk } from './talk.ts';
import type { RealWorld } from './world.ts';

const perSecond = 40;
/** Until all has come to its end after a fault. */
const endMs = 90_000;
/** Until then nothing comes any more of what was lost with a connection. */
const cutMs = 30_000;

/** Two people talk before, while and after it strikes. */
async function play(world: RealWorld, fault: Fault): Promise<void> {
  await using stage = new Stage(world);
  const talk = await Talk.begin(stage, { total: perSecond * (fault.seconds + 2), perSecond });
  await talk.until('they talk', () => talk.out.reflected > 40 && talk.in.said > 40);
  await talk.during(() => fault.strike(world, talk));
  if (fault.isCut) {
    await talk.julietRepeats(endMs);
    await talk.finish(cutMs);
    // She may have been heard by the connection that was about to be lost: a process that comes to itself reads before it knows that another has its accounts.
    if (!talk.isWhole) await talk.julietRepeats(endMs);
  }
  await talk.finish(endMs);
  await talk.verdict(fault.name, fault.isSwallowed);
  expect(talk.out.done).toBe(true);
}

/** One test each. */
export function playFaults(world: () => RealWorld, faults: readonly Fault[]): void {
  for (const fault of inSoak(faults)) test(fault.name, () => play(world(), fault), 300_000);
}
