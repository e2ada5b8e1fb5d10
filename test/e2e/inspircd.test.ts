/** An IRC server with echo-message and labels: the echo is the receipt. */
import { playAll } from '../harness/scenario.ts';
import { themes } from './scenarios/index.ts';

playAll('one process, Prosody, InspIRCd', { ircd: 'inspircd' }, themes);
