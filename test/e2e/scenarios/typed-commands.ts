/** What people type that looks like a command, and what their clients ask of each other (CTCP). */
import { scenario, theme } from '../../harness/scenario.ts';

export const typedCommands = theme('typed commands', [
  scenario('//text is said with one slash; a path is said as it is', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    romeo.says('/usr/bin/env is a path');
    await juliet.hears(romeo, '/usr/bin/env is a path');
  }),

  scenario('CTCP from IRC is answered: VERSION, PING', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('\u0001PING 12345\u0001', romeo.nick);
    await juliet.client.expect(new RegExp(`:${romeo.nick}!\\S+ NOTICE ${juliet.nick} :?\u0001PING 12345\u0001$`));
    juliet.says('\u0001VERSION\u0001', romeo.nick);
    await juliet.client.expect(
      new RegExp(`:${romeo.nick}!\\S+ NOTICE ${juliet.nick} :?\u0001VERSION [^\u0001]+\u0001$`),
    );
  }),
]);
