/** An IRC server with all that IRCv3 has: what no packaged one offers is asked for, and the rest goes as everywhere. */
import { playAll } from '../harness/scenario.ts';
import { themes } from './scenarios/index.ts';

playAll('one process, Prosody, modern', { ircd: 'modern' }, themes);
