/** The same scenarios with the gateway as an edge and two workers that meet only in Redis. */
import { playAll } from '../harness/scenario.ts';
import { themes } from './scenarios/index.ts';

playAll(
  'an edge and two workers, Prosody, InspIRCd',
  { ircd: 'inspircd', roles: ['edge', 'worker', 'worker'] },
  themes,
);
