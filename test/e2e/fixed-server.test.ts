/** A domain that is one IRC server's (`fixedServer`), between real servers: every scenario under its addresses, and what it has of its own. */
import { type Arrangement, every, isWhole, playWorld } from '../harness/matrix.ts';
import { themes } from './scenarios/index.ts';
import { oneServer } from './scenarios/one-server.ts';

const quick: Arrangement = { ircd: 'inspircd', server: 'prosody', processes: 'one' };
const others: readonly Arrangement[] = [
  { ircd: 'inspircd', server: 'ejabberd', processes: 'split' },
  { ircd: 'ngircd', server: 'prosody', processes: 'split' },
  { ircd: 'ngircd', server: 'ejabberd', processes: 'one' },
];

// The rest of them is played in memory at once, and here where everything is.
playWorld(quick, [oneServer, ...(isWhole() ? themes : every(4, themes))], { isFixed: true });
if (isWhole()) for (const one of others) playWorld(one, [oneServer, ...themes], { isFixed: true });
