/** An IRC server without capabilities: receipts are had by PING. */
import { playMatrix } from '../harness/matrix.ts';
import { themes } from './scenarios/index.ts';

playMatrix('ngircd', themes);
