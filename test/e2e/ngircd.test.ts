/** An IRC server without capabilities: receipts are had by PING. */
import { playAll } from '../harness/scenario.ts';
import { themes } from './scenarios/index.ts';

playAll('one process, Prosody, ngIRCd', { ircd: 'ngircd' }, themes);
