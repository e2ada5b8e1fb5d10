/** What is typed for those of a rank in a channel alone (STATUSMSG). */
import { expect, test } from 'vitest';
import { chatId, plainText } from '../../../../src/bridge/index.ts';
import { live } from '../../../harness/irc-session.ts';
import { usePuppets } from '../../../harness/puppet-room.ts';

const { inRoom } = usePuppets();

test('/msg and /notice to those of a rank in a channel; it shows there as ours, and for whom it was', async () => {
  const isupport = 'STATUSMSG=@+ CHANTYPES=# PREFIX=(ov)@+';
  for (const caps of ['', 'echo-message']) {
    const { us, server } = await inRoom('juliet @Romeo', { isupport, caps });
    await using _ = us;
    expect(await us.live.commands?.run(chatId('#room'), '/msg @#Room psst', live())).toBeUndefined();
    await server.expect(/^PRIVMSG @#Room psst$/);
    server.say(':juliet!user@host.test PRIVMSG @#Room psst');
    expect(await us.live.commands?.run(chatId('#room'), '/notice @#room hush', live())).toBeUndefined();
    await server.expect(/^NOTICE @#room hush$/);
    const by = 'juliet';
    expect(await us.event('message')).toMatchObject({
      chat: '#room',
      by,
      content: { text: plainText('[@#Room] psst') },
    });
    expect(await us.event('message')).toMatchObject({ notice: true, content: { text: plainText('[@#room] hush') } });
    await expect(us.live.commands?.run(chatId('#room'), '/msg @@#room x', live())).rejects.toMatchObject({
      code: 'bad-address',
    });
  }
});
