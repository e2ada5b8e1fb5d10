/** `npm run bench`: Isthmus (and Debian's biboumi, where installed) between a fake XMPP server and a fake IRC server or the tests' Discord, each in a process of its own. */
import { bare } from './bare.ts';
import { bench, help } from './bench.ts';
import { fakeIrcd } from './fake-ircd.ts';
import { fakeXmpp } from './fake-xmpp.ts';
import { floor } from './floor.ts';

const [first = '', ...rest] = process.argv.slice(2);

if (first === 'fake-xmpp') fakeXmpp(rest);
else if (first === 'fake-ircd') fakeIrcd(rest);
else if (first === 'fake-discord') (await import('./fake-discord.ts')).fakeDiscord(rest);
else if (first === 'bare') bare(rest);
else if (first === 'floor') floor(rest);
else if (first === '--help') process.stdout.write(help);
else process.exitCode = await bench([first, ...rest].filter((arg) => arg !== ''));
