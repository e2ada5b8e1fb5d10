/** An IRC server with echo-message and labels: the echo is the receipt. */
import { playMatrix } from '../harness/matrix.ts';
import { themes } from './scenarios/index.ts';

playMatrix('inspircd', themes);
