/**
 * What a line costs, in seconds, with servers that count so: they read on when that time is over, and cut off whoever has sent more than they keep until then
 * ("Excess Flood"). Spent by the same count, nothing comes later than it would, and nothing is lost.
 */
import type { LineCost } from './wire/sender.ts';

/** `2 + length / 120`, ten seconds in advance. Of ircu 1,024 bytes may wait. */
const byLength: LineCost = (bytes) => 2 + bytes / 120;
/** set::anti-flood::unknown-users: lag-penalty 1000, lag-penalty-bytes 90. */
const ofUnreal: LineCost = (bytes) => 1 + bytes / 90;

const costs: readonly (readonly [version: RegExp, cost: LineCost])[] = [
  // Undernet, QuakeNet (snircd), and other descendants
  [/^u2\.\d/, byLength],
  // DALnet
  [/^bahamut/i, byLength],
  [/^UnrealIRCd/i, ofUnreal],
];

/** @param version as the server says in 004 (RPL_MYINFO); undefined: it counts lines, or otherwise */
export const lineCostOf = (version: string): LineCost | undefined =>
  costs.find(([pattern]) => pattern.test(version))?.[1];
