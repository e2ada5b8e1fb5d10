/** How often an edge whose stores are full says so. */
import { expect, test } from 'vitest';
import { createRefusingAloud } from '../../../src/process/refusing-aloud.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const first = [{ domain: 'irc.test', error: 'full' }, 'a stanza could not be handed to a worker'];
const rest = [{ domain: 'irc.test', stanzas: 999 }, 'more stanzas could not be handed to a worker'];

test('of a thousand in a minute two lines are written, and whoever comes later is told at once again', async () => {
  const clock = createManualClock();
  const lines: unknown[] = [];
  const ending = new AbortController();
  const log = { ...silentLog, warn: (...line: readonly unknown[]) => void lines.push(line) };
  const refused = createRefusingAloud({ domain: 'irc.test', clock, log, signal: ending.signal });
  const thousand = () => Array.from({ length: 1_000 }, () => refused('full'));
  thousand();
  expect(lines).toEqual([first]);
  await clock.advance(60_000);
  expect(lines).toEqual([first, rest]);
  await clock.advance(600_000);
  thousand();
  expect(lines).toEqual([first, rest, first]);
  ending.abort();
  await settle();
  expect(lines).toEqual([first, rest, first, rest]);
  thousand();
  expect(lines).toHaveLength(4);
});
