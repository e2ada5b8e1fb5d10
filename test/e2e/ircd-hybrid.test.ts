/** An IRC server with some capabilities but neither echoes nor labels: receipts are had by PING. */
import { playMatrix } from '../harness/matrix.ts';
import { themes } from './scenarios/index.ts';

playMatrix('hybrid', themes);
