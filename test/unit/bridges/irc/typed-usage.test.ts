/** Typed commands that lack something, and what the help for all of them says. */
import { expect, test } from 'vitest';
import { germanSentences } from '../../../../bridges/irc/sentences-german.ts';
import { chatId } from '../../../../src/bridge/index.ts';
import { createTranslate } from '../../../../src/core/sentences.ts';
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

test('GEN-10 what the help says behind the commands is there in German', async () => {
  const { us } = await inRoom();
  await using _ = us;
  const translate = createTranslate({ de: germanSentences });
  const help = await us.live.commands?.run(chatId('#room'), '/help', live());
  const sentences = help?.split('\n').filter((line) => line.endsWith('.')) ?? [];
  expect(sentences).toHaveLength(2);
  expect(sentences.filter((line) => translate(line, 'de') === undefined)).toEqual([]);
});
