/** An IRC server with all that IRCv3 has: what no packaged one offers is asked for, and the rest goes as everywhere. */
import { playMatrix } from '../harness/matrix.ts';
import { themes } from './scenarios/index.ts';

playMatrix('modern', themes);
