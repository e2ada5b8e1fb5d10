/** Typed commands that lack something. */
import { expect, test } from 'vitest';
import { chatId } from '../../../../src/bridge/index.ts';
import { live } from '../../../harness/irc-session.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const { inRoom } = usePuppets();

test.each([
  ['/kick', '/kick NICK [REASON]'],
  ['/op', '/op NICK…'],
  ['/msg Romeo', '/msg TARGET TEXT'],
  ['/query', '/query TARGET TEXT'],
  ['/join', '/join CHANNEL[,CHANNEL…] [KEYS]'],
  ['/nick ', '/nick NEWNICK'],
  ['/invite', '/invite NICK [CHANNEL]'],
  ['/identify', '/identify PASSWORD (to NickServ)'],
  ['/ns', '/ns TEXT (to NickServ)'],
  ['/quote', '/quote LINE'],
  ['/ctcp Romeo', '/ctcp NICK VERSION|PING|TIME|…'],
])('%s lacks something: it is told how it is written, and nothing is sent', async (text, usage) => {
  const { us, server } = await inRoom();
  await using _ = us;
  const before = server.lines.all.length;
  await expect(us.live.commands?.run(chatId('#room'), text, live())).rejects.toMatchObject({
    code: 'bad-request',
    message: `It is written ${usage}.`,
  });
  await mark({ us, server });
  expect(server.lines.all).toHaveLength(before);
});
