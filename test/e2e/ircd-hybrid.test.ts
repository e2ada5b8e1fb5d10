/** An IRC server with some capabilities but neither echoes nor labels: receipts are had by PING. */
import { playAll } from '../harness/scenario.ts';
import { themes } from './scenarios/index.ts';

playAll('one process, Prosody, ircd-hybrid', { ircd: 'hybrid' }, themes);
